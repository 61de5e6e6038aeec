import type { dynamic } from "@pulumi/pulumi";

/*
 * The only code of ours that Pulumi stores: in every state, twice a resource. Refresh and delete run the stored
 * text, whatever version of the package wrote it, so this text, the path that it requires and the names that it
 * calls never change. It captures nothing, and it finds the package from the program's folder up.
 */
const provider: dynamic.ResourceProvider = {
  check(olds, news) {
    return require("pulumi-mediant/provider").fullCliScriptConfig().check(olds, news);
  },
  diff(id, olds, news) {
    return require("pulumi-mediant/provider").fullCliScriptConfig().diff(id, olds, news);
  },
  create(inputs) {
    return require("pulumi-mediant/provider").fullCliScriptConfig().create(inputs);
  },
  read(id, props) {
    return require("pulumi-mediant/provider").fullCliScriptConfig().read(id, props);
  },
  update(id, olds, news) {
    return require("pulumi-mediant/provider").fullCliScriptConfig().update(id, olds, news);
  },
  delete(id, props) {
    return require("pulumi-mediant/provider").fullCliScriptConfig().delete(id, props);
  },
};

export = provider;
