import ts from "typescript";

/** One change of a source file that a test should notice. */
export interface Mutant {
  /** Path from the root, with slashes. */
  file: string;
  line: number;
  start: number;
  end: number;
  original: string;
  replacement: string;
}

const SWAPS = new Map<ts.SyntaxKind, string[]>([
  [ts.SyntaxKind.PlusToken, ["-"]],
  [ts.SyntaxKind.MinusToken, ["+"]],
  [ts.SyntaxKind.AsteriskToken, ["/"]],
  [ts.SyntaxKind.SlashToken, ["*"]],
  [ts.SyntaxKind.PercentToken, ["*"]],
  [ts.SyntaxKind.LessThanToken, ["<=", ">="]],
  [ts.SyntaxKind.LessThanEqualsToken, ["<", ">"]],
  [ts.SyntaxKind.GreaterThanToken, [">=", "<="]],
  [ts.SyntaxKind.GreaterThanEqualsToken, [">", "<"]],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ["!=="]],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ["==="]],
  [ts.SyntaxKind.AmpersandAmpersandToken, ["||"]],
  [ts.SyntaxKind.BarBarToken, ["&&"]],
  [ts.SyntaxKind.QuestionQuestionToken, ["&&"]],
  [ts.SyntaxKind.PlusEqualsToken, ["-="]],
  [ts.SyntaxKind.MinusEqualsToken, ["+="]],
]);

const METHODS = new Map([
  ["startsWith", "endsWith"],
  ["endsWith", "startsWith"],
  ["some", "every"],
  ["every", "some"],
  ["toLowerCase", "toUpperCase"],
  ["toUpperCase", "toLowerCase"],
  ["min", "max"],
  ["max", "min"],
]);
/** Without them the value is what it was before. */
const LEFT_OUT = ["trim", "trimEnd", "trimStart", "sort", "reverse", "filter", "slice"];

/** All mutants of a source file, by the kinds that Stryker has, without those of types and of imports. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: Mutant[] = [];
  const add = (node: ts.Node, replacement: string) => {
    const [start, end] = [node.getStart(source), node.getEnd()];
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    const original = text.slice(start, end);
    if (original !== replacement) found.push({ file, line, start, end, original, replacement });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isTypeAliasDeclaration(node) || ts.isExportDeclaration(node)) return;
    changesOf(node, add);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function changesOf(node: ts.Node, add: (node: ts.Node, replacement: string) => void): void {
  if (ts.isBinaryExpression(node))
    for (const swap of SWAPS.get(node.operatorToken.kind) ?? []) add(node.operatorToken, swap);
  else if (ts.isConditionalExpression(node)) truths(node.condition, add);
  else if (ts.isIfStatement(node)) truths(node.expression, add);
  else if (ts.isWhileStatement(node)) add(node.expression, "false");
  else if (ts.isPrefixUnaryExpression(node)) prefixed(node, add);
  else if (ts.isPostfixUnaryExpression(node))
    add(node, `${node.operand.getText()}${node.operator === ts.SyntaxKind.PlusPlusToken ? "--" : "++"}`);
  else if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, "false");
  else if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, "true");
  else if (ts.isStringLiteral(node)) stringOf(node, add);
  else if (ts.isTemplateExpression(node)) add(node, "``");
  else if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) add(node, "[]");
  else if (ts.isBlock(node) && node.statements.length > 0 && !ts.isTryStatement(node.parent)) add(node, "{}");
  else if (ts.isCallExpression(node)) called(node, add);
}

function truths(condition: ts.Expression, add: (node: ts.Node, replacement: string) => void): void {
  add(condition, "true");
  add(condition, "false");
}

function prefixed(node: ts.PrefixUnaryExpression, add: (node: ts.Node, replacement: string) => void): void {
  if (node.operator === ts.SyntaxKind.ExclamationToken) add(node, node.operand.getText());
  if (node.operator === ts.SyntaxKind.MinusToken) add(node, `+${node.operand.getText()}`);
}

function stringOf(node: ts.StringLiteral, add: (node: ts.Node, replacement: string) => void): void {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return;
  add(node, node.text === "" ? '"mutant"' : '""');
}

function called(node: ts.CallExpression, add: (node: ts.Node, replacement: string) => void): void {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression)) return;
  const swap = METHODS.get(expression.name.text);
  if (swap !== undefined) add(expression.name, swap);
  if (LEFT_OUT.includes(expression.name.text) && expression.questionDotToken === undefined)
    add(node, expression.expression.getText());
}
