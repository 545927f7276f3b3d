"""What is said of a JSON file that does not fit, in both languages; ``describe`` picks one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_WORDS = {
    "object": ("一个对象 {{…}}", "an object"),
    "array": ("一个数组 […]", "an array"),
    "pair": ("两项的数组 […, …]", "an array of two"),
    "string": ("文字", "a string"),
    "integer": ("整数", "an integer"),
    "count": ("不小于 0 的整数", "an integer not below 0"),
    "number": ("数或空值（null）", "a number or null"),
    "smaller": ("小于 {limit} 的数", "a number below {limit}"),
    "one of": ("其中之一：{choices}", "one of {choices}"),
    "code": ("公开的问题代码（AR-…）", "a public finding code (AR-…)"),
    "null": ("空值（null）", "null"),
    "byte": ("第 {n} 字节", "byte {n}"),
    "line and column": ("第 {line} 行第 {column} 个字符", "line {line}, character {column}"),
    "not UTF-8": ("编码不是 UTF-8", "not UTF-8"),
    "constant": ("不能用 {name}", "{name} is no number"),
    "deep": ("嵌套太深", "nested too deeply"),
    "long": ("数字太长", "a number is too long"),
}
_SYNTAX = {
    "Expecting value": "这里缺一个值",
    "Expecting property name enclosed in double quotes": "这里应有加双引号的键名",
    "Expecting ',' delimiter": "这里缺逗号",
    "Expecting ':' delimiter": "这里缺冒号",
    "Unterminated string starting at": "从这里开始的文字缺右引号",
    "Invalid control character at": "文字里有换行等控制字符",
    "Illegal trailing comma before end of object": "最后一项后面多了逗号",
    "Illegal trailing comma before end of array": "最后一项后面多了逗号",
    "Extra data": "后面还有多余的内容",
}


def words(key: str, **slots: object) -> Mapping[str, str]:
    """The words of that key, ``zh`` and ``en``."""
    zh, en = _WORDS[key]
    return MappingProxyType({"zh": zh.format(**slots), "en": en.format(**slots)})


def syntax(message: str) -> Mapping[str, str]:
    """What the JSON parser says is wrong."""
    told = next((zh for en, zh in _SYNTAX.items() if message.startswith(en)), None)
    if told is None:
        told = "反斜杠后面的写法不对" if "escape" in message else "这里的写法不对"
    return MappingProxyType({"zh": told, "en": message})
