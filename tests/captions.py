"""Captions that have broken somebody's site: Markdown, HTML, Jinja, scripts, odd characters."""

_MARKDOWN = r"""
#sunset
# sunset
## two
####### seven
#sunset#beach
1. first
1) first
10. ten
2016. A good year
- dash
* star
+ plus
-
---
***
___
* * *
- - -
===
text\n===
text\n---
text\n- a\n- b
text\n1. a\n2. b
> quote
>quote\n>> deeper
    four spaces
\ttab
`code`
``two ticks``
```\nfence\n```
~~~\nfence\n~~~
```python\nx = 1\n```
~~strike~~
*emphasis*
_emphasis_
**strong**
__strong__
***both***
some_user_name
@some_user_name *x*
snake_case_word and _more_
2*3*4
a * b * c
[link](https://example.org)
[link][ref]\n\n[ref]: https://example.org
[ref]: https://example.org "title"
![image](x.png)
![](x.png)
<https://example.org>
<someone@example.org>
https://example.org/a_b_c
https://example.org/?a=1&b=2&copy=3
[^1] and [^1]: note
[^note]: text
*[HTML]: Hyper
HTML\n\n*[HTML]: Hyper
Term\n: definition
Term\n:   definition
a | b\n--- | ---\n1 | 2
|a|b|\n|-|-|\n|1|2|
!!! note\n    text
!!! danger "x"
[TOC]
[[wiki]]
[[wiki|label]]
{: .class }
text {: #id .class }
# head {#id}
{#id .class}
:::python\nx = 1
#!python\nx = 1
\
\\
\*
\\*
a\
a\\\nb
ends with two spaces  \nnext
a  b   c
line one\nline two
one\n\ntwo
one\n\n\n\ntwo
\n\nleading
trailing\n\n
.\n.\n.
...
…
(c) (r) (tm) --- -- ...
"quotes" and 'quotes'
it's don't
"
'
a -- b --- c
H~2~O and x^2^
==mark==
++ins++
||spoiler||
:smile: :+1:
:
::
key: value
Title: forged
Status: draft
Template: evil
Date: 1999-01-01
---\ntitle: x\n---
$x^2$ and \(y\) and \[z\]
@mention
@a.b_c.
100% of {x}
50/50 - 3.5 + 2! = ?
!
!!
"""

_HTML = r"""
<3
<3 & x_y
< 3
<b>bold</b>
<script>alert(1)</script>
<SCRIPT SRC=//x.example></SCRIPT>
</p></div></body></html>
<!-- comment -->
<!-- open
-->
<!DOCTYPE html>
<?php echo 1 ?>
<![CDATA[x]]>
<img src=x onerror=alert(1)>
<svg/onload=alert(1)>
<a href="javascript:alert(1)">x</a>
<iframe src="//x.example">
<style>body{display:none}</style>
<title>x</title>
<textarea>
<plaintext>
<div markdown="1">*x*</div>
<p>
<br>
<br/>
a<b
a>b
a<b>c
<
>
<>
</>
<<script>
<a<b<c
&
&&
&amp;
&amp;amp;
&lt;b&gt;
&copy; &nbsp; &#x27; &#39; &notanentity;
&#0; &#x110000;
AT&T
a&b;c
"><script>alert(1)</script>
'><script>alert(1)</script>
" onmouseover="alert(1)
`'"><
javascript:alert(1)
data:text/html,<x>
"""

_TEMPLATES = r"""
{{ 7 * 7 }}
{{ SITENAME }}
{% raw %}
{% endblock %}
{% include "x" %}
{# comment #}
{%
}}
{filename}/x.md
{static}/x.jpg
{attach}x
|filename|x.md
{author}x {tag}x {index}
[x]({filename}/x.md)
${HOME} $(id) `id`
%s %d %(x)s {0} {}
\u0041 \x41 \n literal
%2e%2e%2f
../../etc/passwd
; rm -rf ~
| cat
"""

_WORLD = [
    "Sunset 🌅 over the bay",
    "🌅",
    "👩‍👩‍👧‍👦 family",
    "🏳️‍🌈🏴‍☠️",
    "👍🏽👍🏿",
    "❤️❤️❤️",
    "1️⃣ first 2️⃣ second",
    "#️⃣ keycap",
    "*️⃣ keycap",
    "شروق الشمس على البحر",
    "غروب #شاطئ 2024",
    "שקיעה בחוף #ים",
    "\u202bright to left\u202c",
    "\u200fmark\u200e",
    "mixed עברית and English (brackets)",
    "海の夕日",
    "\u3000全角スペースで始まる",
    "終わり\u3000",
    "日本語\n\u3000字下げ",
    "北京 #旅行",
    "한국어 캡션",
    "Привет, мир! № 5 — «кавычки»",
    "Ελληνικά",
    "ไทย ภาษา",
    "हिन्दी में",
    "Zażółć gęślą jaźń",
    "naïve café Ångström",
    "cafe\u0301 decomposed",
    "\u212bngstrom sign",
    "ﬁ ligature",
    "𝓯𝓪𝓷𝓬𝔂 𝕝𝕖𝕥𝕥𝕖𝕣𝕤",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙a̴̙lgo",
    "no\u00a0break",
    "\u00a0leading no-break",
    "thin\u2009space hair\u200aspace",
    "zero\u200bwidth",
    "soft\u00adhyphen",
    "word\u2060joiner",
    "\ufeffbyte order mark",
    "line\u2028separator",
    "paragraph\u2029separator",
    "vertical\x0btab",
    "form\x0cfeed",
    "next\x85line",
    "carriage\rreturn",
    "windows\r\nline\r\n\r\nends",
    "nul\x00byte",
    "start\x02of\x03text",
    "\x02klzzwxh:0001\x03",
    "klzzwxh:0001",
    "wzxhzdk:12",
    "bell\x07 escape\x1b[31m",
    "delete\x7f",
    "c1\x9bcontrol",
    "lone \ud83d surrogate",
    "private \ue000 use",
    "non\ufffecharacter",
    "replacement \ufffd",
    "a" * 2200,
    "word " * 440,
    "#tag" * 30,
    "\n" * 50 + "x",
    " ",
    "\n",
    "",
    "\t \n \t",
    ".",
    "_",
    "*",
    "`",
    "~",
    "|",
    "=",
    "^",
    "[",
    "]",
    "(",
    ")",
    "#",
    "@",
]


def _lines(block: str) -> list[str]:
    return [line.replace("\\n", "\n").replace("\\t", "\t") for line in block.split("\n") if line]


HOSTILE = list(dict.fromkeys([*_lines(_MARKDOWN), *_lines(_HTML), *_lines(_TEMPLATES), *_WORLD]))
