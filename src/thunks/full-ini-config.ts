import type { dynamic } from "@pulumi/pulumi";

/*
 * The only code of ours that Pulumi stores: in every state, twice a resource. Refresh and delete run the stored
 * text, whatever version of the package wrote it, so this text, the path that it requires and the names that it
 * calls never change. It captures nothing, and it finds the package from the program's folder up.
 */
const provider: dynamic.ResourceProvider = {
  check(olds, news) {
    return require("pulumi-mediant/provider").fullIniConfig().check(olds, news);
  },
  diff(id, olds, news) {
    return require("pulumi-mediant/provider").fullIniConfig().diff(id, olds, news);
  },
  create(inputs) {
    return require("pulumi-mediant/provider").fullIniConfig().create(inputs);
  },
  read(id, props) {
    return require("pulumi-mediant/provider").fullIniConfig().read(id, props);
  },
  update(id, olds, news) {
    return require("pulumi-mediant/provider").fullIniConfig().update(id, olds, news);
  },
  delete(id, props) {
    return require("pulumi-mediant/provider").fullIniConfig().delete(id, props);
  },
};

export = provider;
