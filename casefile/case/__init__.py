"""The record: a case file as frozen, typed data, with its dates, amounts and relations."""
