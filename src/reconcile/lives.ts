import { deviceReset } from "./actions/device-reset";
import { savedConfiguration } from "./actions/saved-configuration";
import { auxiliaryFile } from "./auxiliary/auxiliary-file";
import { cliScriptConfig } from "./cli/cli-script-config";
import { fullCliScriptConfig } from "./cli/full-cli-script-config";
import { fullIniConfig } from "./full-ini/full-ini-config";
import { incrementalIniConfig } from "./ini/incremental-ini-config";
import { deviceLicense } from "./license/device-license";
import type { Named } from "./life/engine-answers";
import { lifeOf, type Resource, type Stored } from "./life/life";
import { onOneDevice } from "./life/one-device";
import type { ProviderProcess } from "./life/provider-process";
import { softwareLoad } from "./software/software-load";

/** The lives of all kinds of resources in one provider process. */
export function livesOf(process: ProviderProcess) {
  const life = <Inputs extends Named, State extends Inputs & Stored>(resource: Resource<Inputs, State>) =>
    onOneDevice(lifeOf(resource, process), resource, process);
  return {
    incrementalIniConfig: life(incrementalIniConfig),
    fullIniConfig: life(fullIniConfig),
    cliScriptConfig: life(cliScriptConfig),
    fullCliScriptConfig: life(fullCliScriptConfig),
    softwareLoad: life(softwareLoad),
    auxiliaryFile: life(auxiliaryFile),
    deviceLicense: life(deviceLicense),
    savedConfiguration: life(savedConfiguration),
    deviceReset: life(deviceReset),
  };
}
