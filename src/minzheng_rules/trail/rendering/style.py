"""The look of the HTML forms: everything inline, nothing fetched, no script.

Every rule is under ``.mz``, so that a fragment does not disturb the page (or notebook) it is put in.
"""

from __future__ import annotations

from typing import Final

STYLE: Final = """
.mz {
  --paper: #fdfcf9; --ink: #23211d; --soft: #6b665c; --faint: #e4dfd3; --panel: #f5f2ea; --link: #1f5a8a;
  --yes: #22693f; --no: #a32a22; --open: #8a5a00; --weak: #7a3b8f;
  --yes-bg: #e6f1e8; --no-bg: #f8e7e4; --open-bg: #fbefd5; --weak-bg: #f3e8f6;
  color-scheme: light dark;
  max-width: 54rem; margin: 0 auto; padding: 2.5rem 1.5rem 3rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.7 system-ui, -apple-system, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC",
    "Noto Sans SC", "Source Han Sans SC", sans-serif;
  font-variant-numeric: tabular-nums; text-autospace: normal; line-break: strict; overflow-wrap: anywhere;
  text-align: start;
}
.mz *, .mz *::before, .mz *::after { box-sizing: border-box; }
.mz h1, .mz h2, .mz h3 {
  font-family: "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "SimSun", Georgia, serif;
  font-weight: 700; line-height: 1.35; margin: 0; text-wrap: balance; color: inherit;
}
.mz h1 { font-size: 1.85rem; letter-spacing: .02em; }
.mz h2 { font-size: 1.3rem; }
.mz h3 { font-size: 1.05rem; margin: 2.2rem 0 .6rem; }
.mz p, .mz dl, .mz ul, .mz table { margin: 0; }
.mz a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .2em; }
.mz :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }

.mz .account { margin-top: 2.6rem; }
.mz > style + .account { margin-top: 0; }
.mz h1 + .account { margin-top: 1.6rem; }
.mz .account > header .badge { font-family: system-ui, sans-serif; }
.mz .account > header { border-bottom: 2px solid currentColor; padding-bottom: .55rem; }
.mz .account > header h2 { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .7rem; }
.mz .whom { font: 400 .95rem/1.5 system-ui, sans-serif; color: var(--soft); }

.mz .pill { display: inline-block; padding: .02em .6em; border-radius: 1em; font: 600 .9em/1.6 system-ui, sans-serif;
  white-space: nowrap; background: var(--panel); color: var(--soft); }
.mz .pill.true { background: var(--yes-bg); color: var(--yes); }
.mz .pill.false { background: var(--no-bg); color: var(--no); }
.mz .pill.undetermined { background: var(--open-bg); color: var(--open); }

.mz .notices { margin-top: .8rem; padding: .7rem 1rem; background: var(--panel); border-radius: 6px;
  display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; font-size: .94rem; }
.mz .notices dt { font-weight: 600; }
.mz .notices dd { margin: 0; }
.mz .notices .open { color: var(--open); }
.mz .notices .weak { color: var(--weak); }

.mz .tree, .mz .tree ul { list-style: none; padding: 0; margin: 0; }
.mz .tree { margin-top: .9rem; }
.mz .tree ul { margin-left: .48rem; padding-left: 1.15rem; border-left: 1px solid var(--faint); }
.mz .tree li { margin: .3rem 0; padding: 0; }
.mz .tree li:target > .line, .mz .tree li:target > details > summary { background: var(--open-bg); border-radius: 4px; }
.mz summary { cursor: pointer; list-style: none; }
.mz summary::-webkit-details-marker { display: none; }
.mz summary, .mz .line { position: relative; padding-left: 1.6rem; }
.mz summary:hover .label { text-decoration: underline; text-decoration-color: var(--faint); text-underline-offset: .3em; }
.mz summary::after { content: "▸"; color: var(--soft); font-size: .7em; margin-left: .55em; display: inline-block; }
.mz details[open] > summary::after { transform: rotate(90deg); }
.mz .mark { position: absolute; left: 0; width: 1.1rem; text-align: center; font-weight: 700; color: var(--soft); }
.mz .true > .mark, .mz .outcome.true { color: var(--yes); }
.mz .false > .mark, .mz .outcome.false { color: var(--no); }
.mz .undetermined > .mark, .mz .outcome.undetermined { color: var(--open); }
.mz .outcome.untouched { color: var(--soft); }
.mz .outcome { font-weight: 600; }
.mz .badge { font-size: .8rem; line-height: 1.5; color: var(--soft); border: 1px solid var(--faint); border-radius: 4px;
  padding: 0 .4em; margin-left: .5em; display: inline-block; vertical-align: .06em; }
.mz .badge.subject { color: inherit; border-color: transparent; background: var(--panel); }
.mz .badge.weak { color: var(--weak); border-color: transparent; background: var(--weak-bg); font-weight: 600; }
.mz .badge.tag, .mz .badge.from { border: 0; padding: 0; }
.mz .remarks { margin: .05rem 0 .35rem 1.6rem; font-size: .88rem; line-height: 1.6; color: var(--soft);
  display: grid; grid-template-columns: max-content 1fr; gap: 0 .8rem; }
.mz .remarks dt { opacity: .85; }
.mz .remarks dd { margin: 0; color: var(--ink); }
.mz .remarks dd.aside { color: var(--soft); }
.mz .remarks .open { color: var(--open); font-weight: 600; }
.mz .remarks .weak { color: var(--weak); }
.mz li.idle > .line > .label, .mz li.idle > details > summary > .label { color: var(--soft); }

.mz .cited { font-size: .9rem; padding-left: 1.2rem; list-style: disc; }
.mz .cited span { color: var(--soft); }
.mz .legend { margin-top: 1.6rem; font-size: .82rem; color: var(--soft); }

.mz .facts { display: flex; flex-wrap: wrap; gap: .2rem 2rem; margin-top: .9rem; font-size: .92rem; color: var(--soft); }
.mz .facts div { display: flex; gap: .6em; }
.mz .facts dt { flex: none; }
.mz .facts dd { margin: 0; color: var(--ink); }
.mz .facts code { font: .9em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; }
.mz .scroll { overflow-x: auto; margin-top: 1.4rem; }
.mz table { border-collapse: collapse; width: 100%; font-size: .95rem; background: none; color: inherit; }
.mz th, .mz td { text-align: left; vertical-align: baseline; padding: .55rem .9rem .55rem 0; border: 0;
  border-bottom: 1px solid var(--faint); background: none; color: inherit; }
.mz thead th { font-size: .85rem; font-weight: 600; color: var(--soft); border-bottom: 2px solid currentColor;
  white-space: nowrap; }
.mz tbody th { font-weight: 600; min-width: 8em; }
.mz td { white-space: nowrap; }
.mz td .kind { white-space: normal; min-width: 12em; }
.mz .idle-programs { margin-top: .8rem; font-size: .9rem; color: var(--soft); }
.mz td .badge { margin-left: 0; }
.mz td .kind, .mz th .whom { display: block; font-size: .82rem; line-height: 1.5; font-weight: 400; color: var(--soft); }
.mz .list { padding-left: 1.2rem; font-size: .94rem; }
.mz .list li { margin: .25rem 0; }
.mz .list .why { color: var(--soft); }
.mz .banner { margin-top: 1.2rem; padding: .6rem 1rem; background: var(--weak-bg); color: var(--weak); border-radius: 6px;
  font-weight: 600; font-size: .95rem; }

@media (prefers-color-scheme: dark) {
  .mz {
    --paper: #1b1a18; --ink: #e9e5dc; --soft: #a39d90; --faint: #3a3732; --panel: #262421; --link: #8fc1ea;
    --yes: #8fd0a3; --no: #f0a199; --open: #e9bd6a; --weak: #d5a8e4;
    --yes-bg: #1e3226; --no-bg: #3b2220; --open-bg: #382c14; --weak-bg: #33233a;
  }
}
@media (max-width: 40rem) {
  .mz { padding: 1.5rem 1rem 2rem; font-size: .96rem; }
  .mz .remarks, .mz .notices { grid-template-columns: 1fr; }
  .mz .remarks dd, .mz .notices dd { margin-bottom: .2rem; }
  .mz .tree ul { padding-left: .7rem; }
}
@media print {
  @page { margin: 18mm 16mm; }
  .mz {
    --paper: #fff; --ink: #000; --soft: #444; --faint: #bbb; --panel: #fff; --link: #000;
    --yes: #000; --no: #000; --open: #000; --weak: #000;
    --yes-bg: #fff; --no-bg: #fff; --open-bg: #fff; --weak-bg: #fff;
    color-scheme: light; max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.5;
  }
  .mz .pill, .mz .badge, .mz .badge.weak, .mz .badge.subject, .mz .banner, .mz .notices { border: 1px solid #999; }
  .mz .badge.tag, .mz .badge.from { border: 0; }
  .mz a { text-decoration: none; }
  .mz summary::after { content: ""; }
  .mz h1, .mz h2, .mz h3, .mz summary { break-after: avoid; }
  .mz tr, .mz .line, .mz .remarks { break-inside: avoid; }
  .mz details::details-content { content-visibility: visible; block-size: auto; }
}
"""

PAGE_STYLE: Final = """
html { background: #fdfcf9; }
body { margin: 0; }
@media (prefers-color-scheme: dark) { html { background: #1b1a18; } }
@media print { html { background: #fff; } }
"""
