import { PolicyPack } from "@pulumi/policy";
import { policies } from "./rules";

new PolicyPack("pulumi-mediant", { enforcementLevel: "mandatory", policies });
