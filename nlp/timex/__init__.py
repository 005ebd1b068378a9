"""Time expressions: found by forms (`grammar`), counted from an anchor (`meaning`), joined (`join`), judged (`context`).

No word of any language stands here; those are in `languages/<code>/dates.toml`.
"""
