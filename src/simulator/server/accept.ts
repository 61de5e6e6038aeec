/** Whether the `Accept` header permits the content type: a 406 if it does not (LTRT-41760 section 11). */
export function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept.trim() === "") return true;
  const [family = ""] = type.split("/");
  const ranges = accept.split(",").map((range) => {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    return { name, refused: parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)) };
  });
  // The range that names the type most closely decides.
  const closest = [type, `${family}/*`, "*/*"]
    .map((name) => ranges.find((range) => range.name === name))
    .find((range) => range !== undefined);
  return closest !== undefined && !closest.refused;
}
