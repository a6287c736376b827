"""A chat template writes prompts; it reaches nothing, ends soon, and stays small, or it is refused with a sentence."""

import time
from pathlib import Path

import pytest
from tiny_gguf import CHATML, write_tiny_gguf

from models_admin.engine.process import EngineProcess, ModelRefused
from models_admin.engine.protocol import EngineSpec, Turn
from models_admin.engine.template import BadTemplate, ChatTemplate
from models_admin.engine.trial import conversations, try_template

TURNS = [Turn("system", "s"), Turn("user", "one"), Turn("assistant", "two"), Turn("user", "three")]
SECONDS = 8  # the sandbox's five, and a busy machine's
TWICE = "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = "

REACHING = {
    "a file": "{{ open('/etc/passwd').read() }}",
    "an include": "{% include '/etc/passwd' %}",
    "an import": "{% import 'os' as os %}{{ os.environ }}",
    "another template": "{% extends 'base' %}",
    "classes": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "classes by name": "{{ ''|attr('__class__')|attr('__mro__') }}",
    "classes by index": "{{ ''['__class__']['__mro__'] }}",
    "a format": "{{ '{0.__class__.__init__.__globals__}'.format(messages) }}",
    "a format of a map": "{{ '{m.__class__.__base__}'.format_map({'m': messages}) }}",
    "lipsum": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "joiner": "{{ joiner.__init__.__globals__ }}",
    "range": "{{ range.__self__.__class__.__init__.__globals__ }}",
    "namespace": "{{ namespace.__init__.__globals__ }}",
    "raise_exception": "{{ raise_exception.__globals__ }}",
    "strftime_now": "{{ strftime_now.__globals__ }}",
    "itself": "{{ self._TemplateReference__context.environment }}{{ self.__init__.__globals__ }}",
    "a macro": "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "changing the turns": "{{ messages.append(1) }}",
    "a generator": "{{ (messages|map('upper')).gi_frame.f_back.f_globals }}",
}
ENDLESS = {
    "a long loop": "{% for i in range(10**9) %}{% endfor %}",
    "loops in loops": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "loops with words": "{% for i in range(9999) %}{% for j in range(9999) %}xxxxxxxx{% endfor %}{% endfor %}",
    "a recursive loop": "{% for i in [[1]] recursive %}{{ loop([i, i]) }}{% endfor %}",
    "a macro in itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a macro twice in itself": "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(40) }}",
    "a product": "{{ 'x' * 10**10 }}",
    "a product of a list": "{{ ([0] * 10**10)|length }}",
    "products": "{{ ('x' * 4000000) * 4000000 }}",
    "a power": "{{ 10 ** 10 ** 10 ** 10 }}",
    "a power of two": "{{ (2 ** 500) ** (2 ** 500) }}",
    "twice by sum": TWICE + "ns.x + ns.x %}{% endfor %}",
    "twice by joining": TWICE + "ns.x ~ ns.x %}{% endfor %}",
    "twice by a filter": TWICE + "[ns.x, ns.x]|join %}{% endfor %}",
    "twice by replacing": TWICE + "ns.x.replace('a', 'aab') %}{% endfor %}",
    "squares": TWICE + "ns.x.join(ns.x|list) %}{% endfor %}",
    "a width": "{{ 'x'|center(10**10) }}",
    "a width of a method": "{{ 'x'.ljust(10**10) }}",
    "zeros": "{{ '1'.zfill(10**10) }}",
    "a format's width": "{{ '%10000000000d' % 1 }}",
    "a width from elsewhere": "{{ '%*d' % (10**9, 1) }}",
    "a filter's format": "{{ '%9999999999d'|format(1) }}",
    "a method's format": "{{ '{:>9999999999}'.format(1) }}",
    "a format in a format": "{{ '{:{w[0]}}'.format(1, w=['9' ~ '999999999']) }}",
    "an indent": "{{ 'a\n'|indent(10**10) }}{{ [1]|tojson(indent=10**10) }}",
    "a rounding": "{{ 1.5|round(10**9) }}",
    "much text": "{% for i in range(4000) %}" + "y" * 9000 + "{% endfor %}",
    "a long date": "{{ strftime_now('%c' * 9000) }}",
}


@pytest.mark.parametrize("source", REACHING.values(), ids=REACHING)
def test_a_template_reaches_nothing(source: str) -> None:
    try:
        said = ChatTemplate(source).render(TURNS)
    except BadTemplate as reason:
        said = str(reason)
        assert said.startswith("The chat template ")
        assert said.endswith((".", ")")) or ": " in said
    assert not any(word in said for word in ("root:", "<class", "module", "uid=", "environment", "<function"))


@pytest.mark.slow
@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_a_template_ends_soon_or_is_refused(source: str) -> None:
    began = time.monotonic()
    with pytest.raises(BadTemplate, match=r"^The chat template"):
        ChatTemplate(source).render(TURNS)
    assert time.monotonic() - began < SECONDS


@pytest.mark.slow
def test_what_cannot_be_counted_ends_with_its_process() -> None:
    lists = "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}"
    assert try_template(lists) == "The chat template takes more time or memory than any chat needs."


def test_a_trial_tells_the_reason_or_nothing() -> None:
    assert try_template("") == ""
    assert try_template(CHATML) == ""
    assert try_template("{% for %}").startswith("The chat template cannot be read: ")
    assert try_template("{{ ''.__class__.__mro__ }}").startswith("The chat template is refused: ")
    late = "{% if messages|length > 40 %}{{ raise_exception('no') }}{% endif %}"
    assert try_template(late) == "The chat template refuses these turns."


def test_a_template_that_refuses_the_houses_words_gets_them_with_the_question() -> None:
    source = "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}" + CHATML
    assert "s\n\none" in ChatTemplate(source).render(TURNS)
    assert try_template(source) == ""


def test_what_real_templates_do_is_allowed() -> None:
    source = """{%- set ns = namespace(last=0, multi=true) -%}
    {%- for message in messages[::-1] -%}{%- set index = (messages|length - 1) - loop.index0 -%}
    {%- if ns.multi and message.role == 'user' and not message.content.startswith('<t>') -%}
    {%- set ns.multi = false -%}{%- set ns.last = index -%}{%- endif -%}{%- endfor -%}
    {%- for message in messages -%}{%- if loop.first -%}{{ bos_token }}{%- endif -%}
    {%- set content = message.content.split('</think>')[-1].lstrip('\\n')|trim -%}
    {{ '<|' ~ message['role'] ~ '|>' + content + ('!' * 3) }}
    {%- if loop.last or loop.nextitem is not defined -%}
    {{ {'a': ns.last, 'b': loop.length}|tojson(indent=2) }}{%- endif -%}
    {%- if loop.index0 > 90 -%}{%- break -%}{%- endif -%}
    {%- endfor -%}{{ '%s-%d' % ('x', 7) }}{{ '{} {:>3}'.format('y', 8) }}{{ strftime_now('%Y')|length }}"""
    said = ChatTemplate(source, bos="<s>").render(TURNS)
    assert said.startswith("<s><|system|>s!!!")
    assert said.endswith("x-7y   84")
    assert '"b": 4' in said
    assert try_template(source) == ""


def test_a_long_chat_stays_within_the_bounds() -> None:
    talk = [Turn("assistant" if n % 2 else "user", "word " * 2000) for n in range(3001)]
    assert ChatTemplate(CHATML).render(talk).count("<|im_start|>") == 3002
    assert len(conversations()) == 4


def test_a_model_whose_template_attacks_is_not_hosted(tmp_path: Path) -> None:
    for name, source in {"endless": ENDLESS["loops in loops"], "reaching": REACHING["classes"]}.items():
        file = write_tiny_gguf(tmp_path / f"{name}.gguf", template=source)
        with pytest.raises(ModelRefused, match="The chat template is refused: "):
            EngineProcess(EngineSpec(str(file), slots=1, context=256, threads=1))
