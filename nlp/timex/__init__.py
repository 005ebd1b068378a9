"""Time expressions: found by forms (`grammar`), counted from an anchor (`meaning`), joined, and judged by `context`.

No word of any language stands here; those are in `languages/<code>/dates.toml`.
"""
