import { present } from "../../declare/present";
import { type DeviceStatus, isPair } from "../../device/answers/status";

/** Which device a resource was made on, as far as its status told. A permanent form: it stands in states. */
export interface DeviceMark {
  /** Of the unit, or of those of a pair that have answered so far. */
  serialNumbers?: string[];
  address?: string;
  product?: string;
  /** Another unit of it may answer after a switchover, also after its partner was lost. */
  pair?: boolean;
}

/** @param earlier what is known of the same device already */
export function markOf(status: DeviceStatus, earlier: DeviceMark = {}): DeviceMark {
  const { serialNumber, ipAddress: address, productType: product } = status;
  const pair = earlier.pair === true || isPair(status);
  const others = pair || serialNumber === undefined ? (earlier.serialNumbers ?? []) : [];
  const serialNumbers = [...new Set([...others, ...(serialNumber === undefined ? [] : [serialNumber])])];
  return present({
    serialNumbers: serialNumbers.length === 0 ? undefined : serialNumbers,
    address,
    product,
    pair: pair || undefined,
  });
}

/**
 * Whether the status is that of another device. The serial number decides. If one side tells none, and in a pair,
 * whose units tell theirs in turns, address and product do.
 */
export function isAnother(mark: DeviceMark, status: DeviceStatus): boolean {
  const { serialNumber, ipAddress, productType } = status;
  if (mark.serialNumbers !== undefined && serialNumber !== undefined) {
    if (mark.serialNumbers.includes(serialNumber)) return false;
    if (mark.pair !== true && !isPair(status)) return true;
  }
  return differ(mark.address, ipAddress) || differ(mark.product, productType);
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

/**
 * Whether what is declared may give the device another address, by which alone firmware without a serial number is
 * known: a row of the interfaces, in either language.
 */
export function mayMoveAddress(inputs: object): boolean {
  return /"InterfaceTable"|\binterface network-if\b|"LocalOAMPAddress"/i.test(JSON.stringify(inputs));
}

/** `Mediant SW, S/N 10245678, at 10.4.219.62` */
export function markText({ serialNumbers, address, product }: DeviceMark): string {
  return [
    ...(product === undefined ? [] : [product]),
    ...(serialNumbers === undefined ? [] : [`S/N ${serialNumbers.join(" or ")}`]),
    ...(address === undefined ? [] : [`at ${address}`]),
  ].join(", ");
}
