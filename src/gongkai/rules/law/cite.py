"""Articles in Chinese words: ``33`` is 第三十三条, ``23.1.4`` is 第二十三条第一款第四项."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A number from 1 to 999 in Chinese numerals; raises ``ValueError`` beyond."""
    if not 1 <= number <= 999:
        raise ValueError(f"no article has the number {number}")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens == 0:
        return words + (("零" if hundreds else "") + DIGITS[ones] if ones else "")
    # 十五 alone, but 一百一十五
    words += "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    return words + (DIGITS[ones] if ones else "")


def article_zh(article: str) -> str:
    """An article in words; several are joined by commas in the input.

    >>> article_zh("33")
    '第三十三条'
    >>> article_zh("23.1.4")
    '第二十三条第一款第四项'
    >>> article_zh("31..3")
    '第三十一条第三项'
    """
    units = ("条", "款", "项", "目")

    def one(text: str) -> str:
        parts = text.strip().split(".")
        # In items the numeral stands in brackets in the statute and without them in a citation.
        return "".join(
            f"第{numeral(int(part))}{unit}" for part, unit in zip(parts, units, strict=False) if part
        )

    return "、".join(one(text) for text in article.split(","))


def citation_zh(short_title: str, article: str | None) -> str:
    """Instrument and article as a letter cites them: 《政府信息公开条例》第三十三条."""
    title = short_title if short_title.startswith("《") else f"《{short_title}》"
    return title if article is None else title + article_zh(article)
