import { Stage } from "./stage";
import { inspect } from "node:util";
const norm=(c:any[])=>c.map((x)=>JSON.stringify(x));
async function script(kind:any){
  const out:any[]=[];
  const s=await Stage.open(kind,{region:"eu","other:k":"v"},{pin:"1234"});
  const go=async(label:string,op:any,o:any={})=>{const r=await s.play(op,o);out.push({label,exit:r.exitCode,calls:norm(r.calls),state:await s.stored(), err:r.output.split("\n").filter(l=>/error:|warning:/.test(l)).map(l=>l.replace(/^.*?(error|warning):/,"$1:"))});};
  const a={name:"a",props:{p:{x:"1",y:"!hush",z:["1","!2"]}},opts:{additionalSecretOutputs:["token"]}};
  const b={name:"b",props:{x:"@a.computed",t:"@a.token"}};
  const only=process.argv[3];
  try{
  await go("preview0","preview",s.declare(a,b)&&{});
  await go("up0","up"); await go("noop","up",{expectNoChanges:true});
  await s.change("a",{name:"a",p:{x:"0",y:"hush",z:["1","2"]}});
  await go("drift preview","preview",{refresh:true,expectNoChanges:true});
  await go("drift refresh","refresh",{expectNoChanges:true});
  await go("heal","up",{refresh:true}); 
  s.declare(a,{name:"g",component:true},{...b,opts:{parent:"g",dependsOn:["a"]}}); await go("reparent","up",{parallel:1});
  s.declare({...a,props:{...a.props,partial:"update"}},{...b,opts:{}}); await go("partial update","up",{parallel:1});
  s.declare({...a,props:{...a.props}},{...b,opts:{}}); await go("recover","up",{parallel:1});
  s.declare({name:"c",props:{partial:"create",k:"!s"}}); await go("partial create+deletes skip","up",{parallel:1});
  await go("init errors preview","preview"); 
  s.declare({name:"c",props:{partial:"create",k:"!s"}}); await go("again partial","up",{parallel:1});
  await go("refresh clears","refresh",{parallel:1});
  s.declare({name:"c",props:{k:"!s"}}); await go("deletes","up",{parallel:1});
  s.declare({name:"c",props:{k:"!s",replace:"1"}},{name:"d",props:{v:"@c.computed"}}); await go("replace","up",{parallel:1});
  s.declare({name:"c",props:{k:"!s",replace:"2",deleteFirst:true}},{name:"d",props:{v:"@c.computed",replace:"@c.computed"}}); await go("dbr","up",{parallel:1});
  await go("dbr preview","preview",{parallel:1}); 
  s.declare({name:"c",props:{k:"!s",replace:"3",deleteFirst:true}},{name:"d",props:{v:"@c.computed",replace:"@c.computed"}}); await go("dbr2","up",{parallel:1});
  s.declare({name:"c",props:{k:"!s",replace:"4",deleteFirst:true, fail:"create"}},{name:"d",props:{v:"@c.computed",replace:"@c.computed"}}); await go("dbr fail","up",{parallel:1});
  s.declare({name:"c",props:{k:"!s",replace:"4",deleteFirst:true}},{name:"d",props:{v:"@c.computed",replace:"@c.computed"}}); await go("dbr recover","up",{parallel:1});
  s.declare({name:"c",props:{k:"!s",replace:"5",fail:"delete"}}); await go("fail","up",{parallel:1});
  s.declare({name:"c",props:{k:"!s",replace:"6"}}); await go("cbd old delete fails","up",{parallel:1});
  s.declare({name:"c",props:{k:"!s",replace:"6"}}); await go("again","up",{parallel:1});
  s.declare({name:"p",opts:{protect:true}},{name:"q",opts:{retainOnDelete:true}},{name:"i",props:{u:"1",m:{k:"1",l:"1"}},opts:{ignoreChanges:["u","m.k"]}},{name:"u",props:{undecided:true,v:"1"}},{name:"h",opts:{id:"id-p"}}); 
  await go("options: old delete fails","up",{parallel:1});
  s.declare({name:"p",opts:{protect:true}},{name:"q",opts:{retainOnDelete:true}},{name:"i",props:{u:"2",m:{k:"2",l:"2"}},opts:{ignoreChanges:["u","m.k"]}},{name:"u",props:{undecided:true,v:"2"}},{name:"h",opts:{id:"id-p"}});  await go("options2","up",{parallel:1});
  await go("options3","up",{parallel:1,expectNoChanges:true});
  s.declare({name:"bad",props:{invalid:true}}); await go("invalid","up",{parallel:1});
  s.declare({name:"p"},{name:"p"}); await go("dup","up",{parallel:1});
  s.declare({name:"p",opts:{protect:true},props:{normalise:true}}); await go("throws","up",{parallel:1,env:{FIXTURE_THROW:"oops"}});
  s.declare({name:"p",opts:{protect:true},props:{normalise:true}},{name:"w",opts:{dependsOn:["p"]}}); await go("protect","up",{parallel:1});
  await go("destroy protected","destroy",{parallel:1});
  s.declare({name:"p",opts:{},props:{normalise:true,fail:"read"}},{name:"w",opts:{dependsOn:["p"]}},{name:"e"},{name:"dw",props:{fail:"delete"},opts:{deletedWith:"p"}}); await go("unprotect","up",{parallel:1});
  await s.change("e",undefined); await go("read fails","refresh",{parallel:1});
  await go("read fails up","up",{parallel:1,refresh:true});
  await go("destroy","destroy",{parallel:1});
  }finally{await s.close();}
  return out;
}
(async()=>{
 const x=await script("in-process"); 
 const y=await script("pulumi");
 const {deepStrictEqual}=await import("node:assert");
 for(let i=0;i<Math.max(x.length,y.length);i++){ try{deepStrictEqual(x[i],y[i]);console.log("same",x[i].label)}catch(e:any){console.log("DIFF",x[i]?.label,e.message)} }
})();
