import { SEVERITIES, type Severity } from "../inventory/form";
import { type Cell, type PageRow, type PageSection, pageHtml, type Tone } from "../report/page";
import { counted } from "../report/words";
import { listed } from "../text/listed";
import { type Compliance, type DeviceResult, type Finding, openFindings } from "./model";
import { waiverFault } from "./text";

const TONES: Readonly<Record<Severity, Tone>> = { critical: "bad", major: "warn", minor: "info" };

/** The result as one page, in the look of all our pages. */
export function complianceHtml(
  compliance: Compliance,
  title = "Compliance",
  footer = "pulumi-mediant",
): string {
  const { devices, totals, waivers, day } = compliance;
  const failed = devices.filter(({ result }) => result === "failed");
  const listed = devices.filter(({ findings }) => findings.length > 0);
  const well = devices.filter(({ result, findings }) => result === "compliant" && findings.length === 0);
  return pageHtml({
    title,
    summary: complianceSummary(compliance),
    tiles: [
      { value: totals.devices, label: "devices asked" },
      { value: totals.compliant, label: "compliant", tone: "good" },
      { value: totals.differ, label: "differ", tone: "bad" },
      { value: totals.failed, label: "could not be asked", tone: "bad" },
      ...SEVERITIES.map((severity) => ({ value: totals[severity], label: severity, tone: TONES[severity] })),
      { value: totals.waived, label: "waived", tone: "info" },
    ],
    alerts: [
      {
        title: "Could not be asked",
        tone: "bad" as const,
        items: failed.map(({ device, error }) => `${device}: ${error ?? "unknown cause"}`),
      },
      {
        title: `Waivers to look at on ${day}`,
        tone: "warn" as const,
        items: waivers.map(
          (waiver) => `${waiver.names.join(", ")}: ${waiverFault(waiver)} (${waiver.reason})`,
        ),
      },
    ].filter(({ items }) => items.length > 0),
    noun: "device",
    columns: ["What", "Expected", "Found", "Severity"],
    filters: [
      ...SEVERITIES.map((severity) => ({ tag: severity, label: severity })),
      { tag: "waived", label: "waived" },
      ...(well.length > 0 ? [{ tag: "compliant", label: "compliant" }] : []),
    ],
    sections: [...listed.map(sectionOf), ...(well.length > 0 ? [compliantSection(well)] : [])],
    footer,
  });
}

/** `3 of 50 devices differ: 2 critical, 1 major` */
export function complianceSummary({ totals }: Compliance): string {
  const { devices, differ, failed, waived } = totals;
  const severities = SEVERITIES.filter((severity) => totals[severity] > 0).map(
    (severity) => `${totals[severity]} ${severity}`,
  );
  const parts = [
    differ > 0
      ? `${differ} of ${counted(devices, "device")} ${differ === 1 ? "differs" : "differ"}: ${severities.join(", ")}`
      : failed === devices && devices > 0
        ? "no device could be asked"
        : `${counted(devices - failed, "device")} ${devices - failed === 1 ? "complies" : "comply"}`,
    waived > 0 ? `${waived} waived` : "",
    failed > 0 && failed < devices ? `${failed} could not be asked` : "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}

function placeOf({ site, role, firmware }: DeviceResult): string {
  return [site, role, firmware].filter((part) => part !== undefined).join(", ");
}

function sectionOf(result: DeviceResult): PageSection {
  const { device, findings, heldBack, uncompared } = result;
  const open = openFindings(result);
  const count = (severity: Severity) => open.filter((finding) => finding.severity === severity).length;
  return {
    title: device,
    badges: [
      ...SEVERITIES.filter((severity) => count(severity) > 0).map((severity) => ({
        text: `${count(severity)} ${severity}`,
        tone: TONES[severity],
      })),
      ...(open.length < findings.length ? [{ text: `${findings.length - open.length} waived` }] : []),
      { text: placeOf(result) },
    ].filter(({ text }) => text !== ""),
    notes: [
      ...(heldBack === undefined ? [] : [`Not to be changed now: ${heldBack}`]),
      ...(uncompared.length === 0
        ? []
        : [`Not compared, since the device hides it: ${listed(uncompared, 10)}`]),
    ],
    rows: findings.map(rowOf),
  };
}

function rowOf({ address, kind, severity, expected, found, file, waiver }: Finding): PageRow {
  const tone = waiver === undefined ? TONES[severity] : undefined;
  return {
    cells: [
      { text: address, style: "code", detail: file },
      kind === "extra" && expected === undefined ? { text: "not there", style: "none" } : value(expected),
      value(found),
      {
        text: severity,
        style: "badge",
        ...(tone === undefined ? {} : { tone }),
        detail: waiver === undefined ? kind : `waived until ${waiver.until}: ${waiver.reason}`,
      },
    ],
    tags: [waiver === undefined ? severity : "waived"],
    ...(tone === undefined ? {} : { tone }),
  };
}

function value(text: string | undefined): Cell {
  return text === undefined ? { text: "not shown", style: "none" } : { text, style: "code" };
}

function compliantSection(devices: readonly DeviceResult[]): PageSection {
  return {
    title: "Compliant devices",
    badges: [{ text: counted(devices.length, "device"), tone: "good" }],
    notes: [],
    rows: devices.map((result) => ({
      cells: [
        { text: result.device },
        { text: placeOf(result) },
        { text: result.heldBack ?? "" },
        { text: "compliant", style: "badge", tone: "good" },
      ],
      tags: ["compliant"],
      tone: "good",
    })),
  };
}
