import type * as pulumi from "@pulumi/pulumi";

/** What may be declared for a cell, or for one element of a list. */
export type CellArg = string | number | boolean;
/** What may be declared for a parameter. */
export type ParameterArg = CellArg | readonly CellArg[];

/**
 * The parameters that the devices of a program know: empty, so that any name goes. `pulumi-mediant types` writes a
 * module augmentation with those that dumps show, and any other name does not compile then. A dump leaves out what is
 * at its default; a program adds such a name in an augmentation of its own.
 */
// biome-ignore lint/suspicious/noEmptyInterface: programs fill it
export interface DeviceParameters {}

/** The tables that the devices of a program know, with their columns, in the same way as {@link DeviceParameters}. */
// biome-ignore lint/suspicious/noEmptyInterface: programs fill it
export interface DeviceTables {}

/** Names that a device knows. `pulumi-mediant types` writes one for each firmware. */
export interface IniNames {
  parameters: object;
  tables: object;
}

/** The names that all devices of a program know together. */
export interface DeviceNames extends IniNames {
  parameters: DeviceParameters;
  tables: DeviceTables;
}

/** What may be declared for a parameter, known now or later. */
export type ParameterInput = pulumi.Input<CellArg | pulumi.Input<CellArg>[]>;
/** What may be declared for a cell, known now or later. */
export type CellInput = pulumi.Input<CellArg>;

/** Parameters by name: any name, if none is known. */
export type ParametersArg<Names extends IniNames = DeviceNames> = [keyof Names["parameters"]] extends [never]
  ? Record<string, ParameterInput>
  : { [Name in keyof Names["parameters"]]?: ParameterInput };

/** Tables by name, rows by index, cells by column: any name, if no table is known. */
export type TablesArg<Names extends IniNames = DeviceNames> = [keyof Names["tables"]] extends [never]
  ? Record<string, pulumi.Input<Record<string, pulumi.Input<Record<string, CellInput>>>>>
  : {
      [Name in keyof Names["tables"]]?: pulumi.Input<
        Record<string, pulumi.Input<{ [Column in keyof Names["tables"][Name]]?: CellInput }>>
      >;
    };
