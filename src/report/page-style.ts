/** The look of our pages: light and dark, on a screen and on paper. */
export const STYLE = `
:root{color-scheme:light;--back:#f6f7f9;--card:#fff;--text:#1c2330;--soft:#5b6675;--line:#dde2e9;--link:#0b5cad;
--bad:#b3261e;--bad-back:#fdecea;--warn:#8a5300;--warn-back:#fff4e0;--good:#1a6b3c;--good-back:#e7f5ec;--info:#1f4e8c;--info-back:#e8f0fb}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;--back:#14181f;--card:#1c222c;--text:#e6e9ee;--soft:#9aa5b4;--line:#313a47;--link:#7db7ff;
--bad:#ff9b93;--bad-back:#3d1d1c;--warn:#ffc46b;--warn-back:#3a2c12;--good:#86d9a4;--good-back:#16301f;--info:#9cc4ff;--info-back:#1a2b45}}
:root[data-theme=dark]{color-scheme:dark;--back:#14181f;--card:#1c222c;--text:#e6e9ee;--soft:#9aa5b4;--line:#313a47;--link:#7db7ff;
--bad:#ff9b93;--bad-back:#3d1d1c;--warn:#ffc46b;--warn-back:#3a2c12;--good:#86d9a4;--good-back:#16301f;--info:#9cc4ff;--info-back:#1a2b45}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:1240px;margin:0 auto;padding:0 20px}
header{display:flex;gap:16px;align-items:flex-start;justify-content:space-between;padding-top:24px}
h1{font-size:24px;line-height:1.25;margin:0 0 4px}
p{margin:0 0 8px}.soft,footer{color:var(--soft)}
button,input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:6px 12px}
button{cursor:pointer}:focus-visible{outline:2px solid var(--link);outline-offset:1px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;margin:16px 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:12px 16px}
.tile b{display:block;font-size:26px;line-height:1.2;font-variant-numeric:tabular-nums}
.bad{--tone:var(--bad);--tone-back:var(--bad-back)}.warn{--tone:var(--warn);--tone-back:var(--warn-back)}
.good{--tone:var(--good);--tone-back:var(--good-back)}.info{--tone:var(--info);--tone-back:var(--info-back)}
.tile b{color:var(--tone,inherit)}
.alert{background:var(--tone-back);border-left:4px solid var(--tone);border-radius:8px;padding:10px 16px;margin:12px 0}
.alert h2{color:var(--tone);font-size:16px;margin:0 0 4px}.alert ul{margin:0;padding-left:20px}.alert li{overflow-wrap:anywhere;white-space:pre-wrap}
.tools{position:sticky;top:0;z-index:2;background:var(--back);display:flex;flex-wrap:wrap;gap:8px;align-items:center;padding:10px 0;border-bottom:1px solid var(--line);margin-bottom:12px}
.tools input[type=search]{flex:1 1 220px;min-width:0}
.chip{display:inline-flex;gap:6px;align-items:center;background:var(--card);border:1px solid var(--line);border-radius:999px;padding:4px 12px;cursor:pointer}
.group{background:var(--card);border:1px solid var(--line);border-radius:12px;margin:0 0 14px;overflow:clip;content-visibility:auto;contain-intrinsic-size:auto 400px}
summary{cursor:pointer;padding:12px 16px;display:flex;flex-wrap:wrap;gap:8px;align-items:baseline}
summary h2{font-size:17px;margin:0;overflow-wrap:anywhere}summary::before{content:"\\25B8";color:var(--soft)}details[open]>summary::before{content:"\\25BE"}summary::-webkit-details-marker{display:none}
.note{padding:0 16px 10px;color:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
.badge{display:inline-block;background:var(--tone-back,var(--back));color:var(--tone,var(--soft));border-radius:6px;padding:0 8px;font-size:13px;white-space:nowrap}
table{width:100%;border-collapse:collapse;table-layout:fixed}
th{text-align:left;font-weight:600;font-size:13px;color:var(--soft);padding:6px 16px;border-top:1px solid var(--line)}
td{vertical-align:top;padding:6px 16px;border-top:1px solid var(--line);overflow-wrap:anywhere}
td:first-child{box-shadow:inset 3px 0 0 var(--tone,transparent)}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap}
.none{color:var(--soft);font-style:italic}
.empty{text-align:center;padding:40px 0;color:var(--soft)}
footer{padding-top:8px;padding-bottom:32px;font-size:13px}
[hidden]{display:none!important}
@media (max-width:700px){thead{display:none}tr{display:block;border-top:1px solid var(--line);padding:6px 0}td{display:block;border:0;padding:2px 16px}td:first-child{box-shadow:none}td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:12px}}
@media print{:root,:root[data-theme]{color-scheme:light;--back:#fff;--card:#fff;--text:#000;--soft:#444;--line:#bbb;--bad:#8c1d18;--bad-back:#fff;--warn:#6b4000;--warn-back:#fff;--good:#0f5130;--good-back:#fff;--info:#163b6b;--info-back:#fff}
body{font-size:11px}.tools,#theme{display:none}.group{content-visibility:visible;border-radius:0;overflow:visible}tr,.tile,.alert{break-inside:avoid}thead{display:table-header-group}header,main,footer{max-width:none;padding:0}}
`;

/** Search (`report.html#sbc1` begins with one), filters, the theme, and all sections open on paper. It sends nothing. */
export const SCRIPT = `
(function(){
"use strict";
var root=document.documentElement,find=function(s){return Array.prototype.slice.call(document.querySelectorAll(s))};
var theme=document.getElementById("theme");
try{var kept=localStorage.getItem("pulumi-mediant-theme");if(kept==="dark"||kept==="light")root.dataset.theme=kept}catch(e){}
theme.hidden=false;
theme.addEventListener("click",function(){
var dark=root.dataset.theme?root.dataset.theme==="dark":matchMedia("(prefers-color-scheme: dark)").matches;
root.dataset.theme=dark?"light":"dark";
try{localStorage.setItem("pulumi-mediant-theme",root.dataset.theme)}catch(e){}
});
var tools=document.querySelector(".tools");if(!tools)return;
tools.hidden=false;
var search=document.getElementById("search"),pick=document.getElementById("group"),shown=document.getElementById("shown"),boxes=find(".chip input");
var groups=find(".group").map(function(el){return{el:el,name:el.dataset.name,title:el.querySelector("summary").textContent.toLowerCase(),details:el.querySelector("details"),rows:Array.prototype.slice.call(el.querySelectorAll("tbody tr"))}});
var texts=new Map();
function textOf(row){var t=texts.get(row);if(t===undefined){t=row.textContent.toLowerCase();texts.set(row,t)}return t}
function apply(){
var words=search.value.toLowerCase().split(/\\s+/).filter(Boolean),on=boxes.filter(function(b){return b.checked}).map(function(b){return b.value}),some=boxes.length>0&&on.length<boxes.length,seen=0,all=0;
groups.forEach(function(g){
var here=!pick||pick.value===""||pick.value===g.name,count=0;
g.rows.forEach(function(row){
all++;
var tags=" "+(row.dataset.tags||"")+" ";
var ok=here&&(!some||on.some(function(t){return tags.indexOf(" "+t+" ")>=0}))&&words.every(function(w){return g.title.indexOf(w)>=0||textOf(row).indexOf(w)>=0});
if(row.hidden===ok)row.hidden=!ok;
if(ok)count++;
});
seen+=count;
g.el.hidden=!(count>0||(here&&g.rows.length===0&&!some&&words.every(function(w){return g.el.textContent.toLowerCase().indexOf(w)>=0})));
});
shown.textContent=seen===all?all+" lines":seen+" of "+all+" lines";
}
var timer;
search.addEventListener("input",function(){clearTimeout(timer);timer=setTimeout(apply,80)});
boxes.forEach(function(b){b.addEventListener("change",apply)});
if(pick)pick.addEventListener("change",apply);
var fold=document.getElementById("fold");
fold.addEventListener("click",function(){var open=groups.some(function(g){return !g.details.open});groups.forEach(function(g){g.details.open=open})});
addEventListener("beforeprint",function(){groups.forEach(function(g){g.details.open=true})});
addEventListener("keydown",function(e){if(e.key==="/"&&document.activeElement!==search){e.preventDefault();search.focus()}});
function fromAddress(){try{var wanted=decodeURIComponent(location.hash.slice(1));if(wanted){search.value=wanted}}catch(e){}apply()}
addEventListener("hashchange",fromAddress);
fromAddress();
})();
`;
