/** Colours are those of the drawings, which follow the reader's system as well. */
export const style = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1f2933;--muted:#5b6672;--line:#d5dae0;--soft:#f3f5f7;--link:#0064a8;--alert:#b3261e}
@media screen and (prefers-color-scheme:dark){:root{--ground:#14181d;--ink:#e6eaee;--muted:#a3adb8;--line:#39424c;--soft:#1d2329;--link:#7cc4ff;--alert:#ff8a80}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:61rem;padding:1rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}
h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.5rem 0;max-width:44rem}
.muted,figcaption{color:var(--muted)}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:1rem 0;list-style:none}
nav a{display:inline-block;padding:.2rem 0}
dl.key{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.75rem;margin:1rem 0}
dl.key div{background:var(--soft);border-radius:.5rem;padding:.6rem .8rem}
dl.key dt{color:var(--muted);font-size:.85rem}
dl.settings{display:grid;grid-template-columns:repeat(auto-fill,minmax(10rem,1fr));gap:.5rem 1rem;margin:.75rem 0}
.settings dt{color:var(--muted);font-size:.85rem}.settings dd{margin:0}
dl.key dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
svg{max-width:100%;height:auto;display:block}
.wide,.narrow{margin:0 -12px}
.narrow{display:none}
:not(.matrix)>.narrow svg{width:min(100%,30rem)}
.matrix>.narrow svg{max-width:none;min-width:min(100%,30rem)}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.5rem,1fr));gap:.75rem;margin:.75rem 0}
figure{margin:0;break-inside:avoid;font-size:.8rem;line-height:1.3}
figcaption span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}
figcaption span span{display:inline}
.grainy{image-rendering:pixelated}
.pictures img{width:6rem;height:6rem;object-fit:contain;background:var(--soft);display:block;max-width:100%}
.explained{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;margin:.5rem 0}
.maps{display:flex;gap:.5rem;max-width:100%}
.maps figure{width:8rem;flex:0 1 8rem}
.maps img{width:100%;height:auto;display:block}
.layer{margin:.75rem 0}.layer img{max-width:100%;height:auto;display:block}
.wrong figcaption{color:var(--alert)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left;white-space:normal;min-width:7rem}
td.text,th.text{text-align:left;white-space:normal}
td button{padding:.1rem .5rem}
thead th{white-space:normal;overflow-wrap:normal;vertical-align:bottom;color:var(--muted);font-weight:600}
button,select{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:.4rem;padding:.35rem .7rem;max-width:100%}
button{cursor:pointer;flex:none;overflow-wrap:normal}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
svg [role=button]{cursor:pointer}
svg [role=button]:hover rect{stroke:var(--link);stroke-width:2.5}
svg [role=button]:focus{outline:3px solid var(--ink);outline-offset:-1px}
svg [role=button]:focus rect{stroke:var(--ground);stroke-width:3}
dialog{width:min(56rem,calc(100vw - 1rem));max-height:calc(100vh - 1rem);padding:1rem;border:1px solid var(--line);border-radius:.6rem;background:var(--ground);color:var(--ink);overflow:auto}
dialog::backdrop{background:#0009}
dialog h2{border:0;margin:0;padding:0}
.head{display:flex;gap:1rem;align-items:start;justify-content:space-between;position:sticky;top:-1rem;background:var(--ground);padding:.25rem 0}
details{margin:.75rem 0}summary{cursor:pointer}
@media (max-width:40rem){.wide{display:none}.narrow{display:block}body{padding:.75rem}h1{font-size:1.4rem}.pictures{grid-template-columns:repeat(auto-fill,minmax(5.2rem,1fr));gap:.5rem}.pictures img{width:5rem;height:5rem}table{font-size:.8rem}th,td{padding:.3rem .25rem}th:first-child,td:first-child{min-width:5.6rem}}
@media print{:root{color-scheme:light}nav,.chooser,dialog,.skip{display:none!important}td button{border:0;background:none;padding:0}.wide{display:block;margin:0}.narrow{display:none}h2{break-after:avoid}body{max-width:none;padding:0}.scroll{overflow:visible}details::details-content{content-visibility:visible;display:block}}
`;
