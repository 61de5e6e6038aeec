/**
 * Gives the reference that `npm run docs` makes an index by subject. The subject of an export goes by the file that it
 * stands in; one without a subject is a warning.
 */
import { Comment, CommentTag, Converter, ReflectionKind } from "typedoc";

const SUBJECTS = [
  ["Connection", /resources\/device\.ts|device\/errors|output-form/],
  ["CLI scripts", /cli|functions\/show/],
  ["Ini configuration", /ini|src\/resources\/names/],
  ["Software, licences and files", /software|license|auxiliary|source-file/],
  ["Reset and save", /device-reset|saved-configuration/],
  ["Health and confirmed changes", /declare\/checks|assert-healthy/],
  ["Status, alarms and measurements", /alarm|performance|status|get-api/],
];

/** The modules whose index needs no subjects. */
const SMALL = ["inventory", "simulator"];

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      if (SMALL.includes(module.name)) continue;
      for (const one of module.children ?? []) tag(app, one, project);
    }
  });
}

function tag(app, reflection, project) {
  const symbol = project.getSymbolIdFromReflection(reflection);
  const file = symbol?.packagePath ?? "";
  const subject = SUBJECTS.find(([, pattern]) => pattern.test(file))?.[0];
  if (subject === undefined) {
    app.logger.warn(`${reflection.name} (${file}) has no subject in docs/subjects.mjs`);
    return;
  }
  // A function has its comment at its signatures, and a category as well.
  for (const part of reflection.signatures ?? [reflection]) {
    part.comment ??= new Comment();
    part.comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text: subject }]));
  }
}
