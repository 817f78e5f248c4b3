"""How a page looks: in light and dark, on paper, and as wide as a phone. Every colour is said once."""

from __future__ import annotations

LIGHT = """
--page:#ffffff; --panel:#f6f8fa; --ink:#1b1f24; --soft:#57606a; --line:#d0d7de; --link:#0550ae;
--plus:#0b62c4; --minus:#b34700; --bound:#6b3fa0; --good:#1a7f37; --warn:#805500; --bad:#b42318; --shade:11,98,196;
"""
DARK = """
--page:#0f1419; --panel:#171d24; --ink:#e6edf3; --soft:#9da7b3; --line:#38414b; --link:#79b8ff;
--plus:#6cb2ff; --minus:#ffa657; --bound:#c8a6ff; --good:#56d364; --warn:#e3b341; --bad:#ff8a80; --shade:108,178,255;
"""

SHEET = f"""
:root{{color-scheme:light dark;{LIGHT}}}
@media (prefers-color-scheme:dark){{:root{{{DARK}}}}}
@media print{{:root{{color-scheme:light;{LIGHT}}}}}
*{{box-sizing:border-box}}
body{{margin:0 auto;max-width:76rem;padding:1.25rem;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}}
h1{{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}}
h2{{font-size:1.2rem;margin:2.25rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}}
h3{{font-size:1rem;margin:0 0 .5rem}}
p{{margin:.25rem 0 .75rem}}
a{{color:var(--link)}}
nav{{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.75rem 0}}
.soft,figcaption,caption{{color:var(--soft);font-size:.9rem}}
.panels{{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1rem;align-items:start}}
.panel{{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:1rem;min-width:0}}
.cards{{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.5rem;margin:.5rem 0}}
.cards>div{{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem;background:var(--page)}}
.cards b{{display:block;font-size:1.25rem;line-height:1.3;font-variant-numeric:tabular-nums}}
.cards span{{color:var(--soft);font-size:.85rem}}
.status{{display:inline-block;border:2px solid currentColor;border-radius:1rem;padding:.05rem .7rem;font-weight:600}}
.good{{color:var(--good)}}.warn{{color:var(--warn)}}.bad{{color:var(--bad)}}
.row{{display:flex;flex-wrap:wrap;gap:0 2rem}}.row>*{{min-width:0}}
.wide{{overflow-x:auto;max-width:100%}}
table{{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.25rem 0 .75rem}}
caption{{text-align:left;padding:.25rem 0;font-weight:600}}
th,td{{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--line);vertical-align:top}}
th{{font-weight:600}}
th:first-child,td.text,th.text{{text-align:left}}
table.facts th{{white-space:nowrap;color:var(--soft);font-weight:500;overflow-wrap:normal}}
table.facts td{{text-align:left}}
table.numbers th,table.numbers td{{overflow-wrap:break-word;max-width:16rem}}
td{{white-space:nowrap}}td.text,table.facts td{{white-space:normal}}
td.right{{font-weight:700}}
figure{{margin:0 0 .75rem}}
svg{{display:block;width:100%;height:auto;font:12px system-ui,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}}
svg text{{fill:currentColor}}
code,pre{{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}}
pre{{white-space:pre-wrap;background:var(--page);border:1px solid var(--line);border-radius:.5rem;
padding:.75rem;margin:.25rem 0 .75rem}}
ul.rules{{list-style:none;margin:0;padding:0}}
ul.rules li{{padding:.2rem 0 .2rem 1.5rem;text-indent:-1.5rem}}
summary{{cursor:pointer;color:var(--link)}}
.key{{display:inline-block;width:1.6em;height:0;border-top:3px solid;vertical-align:middle;margin:0 .3em 0 .8em}}
.key.dash{{border-top-style:dashed}}
footer{{margin-top:2.5rem;color:var(--soft);font-size:.9rem}}
@media (max-width:40rem){{body{{padding:.75rem}}.panel{{padding:.75rem}}h1{{font-size:1.35rem}}
table.numbers{{font-size:.85rem}}table.numbers th,table.numbers td{{padding:.2rem .4rem}}
table.facts,table.facts tbody,table.facts tr,table.facts th,table.facts td{{display:block}}
table.facts th{{border:0;padding-bottom:0}}table.facts td{{padding-top:0}}}}
@media print{{@page{{margin:14mm}}body{{max-width:none;padding:0;font-size:10.5pt}}nav{{display:none}}
figure,table,.cards{{break-inside:avoid}}h2,h3{{break-after:avoid}}.wide{{overflow:visible}}
details::details-content{{content-visibility:visible;display:block}}summary{{color:var(--soft)}}}}
"""
