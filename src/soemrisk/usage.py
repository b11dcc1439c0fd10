"""What is wrong with a command line, in the catalogue's words: click says it in English, whatever ``--lang`` is.

Apart from ``cli`` because it knows click's exceptions and no command.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from soemrisk.messages import text


def language(arguments: Sequence[str]) -> str:
    """Language that a command line asks for, whether it can be read or not; else Danish.

    Examples
    --------
    >>> language(["run", "x.toml", "--lang", "en", "--draws", "many"]), language(["run", "--lang=sv"])
    ('en', 'da')
    """
    found = re.search(r"(?:^|\0)--lang[=\0](da|en)(?:\0|$)", "\0".join(arguments))
    return found[1] if found else "da"


def usage_problem(error: click.ClickException, lang: str) -> str:
    """How the command is written, and what is wrong.

    Parameters
    ----------
    error : click.ClickException
        Raised while the command line was read.
    lang : {"da", "en"}

    Returns
    -------
    str
        One line, or three where the command is known.

    Examples
    --------
    >>> usage_problem(click.NoSuchOption("--draw", possibilities=["--draws"]), "en")
    'there is no option "--draw". Did you mean "--draws"?'
    """
    ctx = getattr(error, "ctx", None)
    lines = []
    if ctx is not None:
        pieces = " ".join(ctx.command.collect_usage_pieces(ctx))
        lines.append(text("usage-line", lang, command=ctx.command_path, pieces=pieces))
        lines.append(text("usage-help", lang, command=ctx.command_path))
    said = _problem(error, lang)
    nearest = getattr(error, "possibilities", None)
    if nearest:
        said += " " + text("did-you-mean", lang, suggestion=nearest[0])
    return "\n".join([*lines, said])


def _problem(error: click.ClickException, lang: str) -> str:
    """What is wrong, by the kind of exception; what click alone can say is left to it in English."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return text("usage-missing", lang, name=_name(error.param))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _value_problem(error.param, error.message, lang)
    if isinstance(error, click.NoSuchOption):
        return text("usage-no-option", lang, found=error.option_name)
    if isinstance(error, click.BadOptionUsage):
        key = "usage-no-value" if "requires" in error.message else "usage-not-a-value"
        return text(key, lang, name=error.option_name)
    for begins, key in (("No such command", "usage-no-command"), ("Got unexpected extra", "usage-too-much")):
        if error.message.startswith(begins):
            found = re.search(r"['(](.*)[')]", error.message)
            return text(key, lang, found=found[1] if found else "–")
    return text("usage-other", lang, reason=error.message)


def _value_problem(param: click.Parameter, message: str, lang: str) -> str:
    """What is wrong with the value of an option; the value itself is only in click's sentence."""
    found = (re.match(r"(.*?) is not ", message) or ["–", "–"])[1].strip("'\"")
    kind = param.type
    if isinstance(kind, click.Choice):
        return text("usage-choice", lang, name=_name(param), found=found, allowed=tuple(kind.choices))
    if isinstance(kind, click.FloatRange):
        return text("usage-number-from", lang, name=_name(param), found=found, least=kind.min)
    if isinstance(kind, click.IntRange):
        key = "usage-from" if kind.max is None else "usage-range"
        return text(key, lang, name=_name(param), found=found, least=kind.min, most=kind.max)
    return text("usage-other", lang, reason=f"{_name(param)}: {message}")


def _name(param: click.Parameter) -> str:
    """An option as it is written, an argument as the usage line calls it."""
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name
