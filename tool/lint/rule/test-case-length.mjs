const longest = 25;
const functions = new Set(['ArrowFunctionExpression', 'FunctionExpression']);

/** A test case fits on a screen; what it needs beyond that is a named function beside it or in the test kit. */
export const testCaseLength = {
  create(context) {
    return {
      CallExpression(node) {
        if (!isCase(node.callee)) return;
        const body = node.arguments.findLast((argument) => functions.has(argument.type));
        if (!body) return;
        const lines = body.loc.end.line - body.loc.start.line + 1;
        if (lines <= longest) return;
        context.report({
          node: body,
          message: `This test case has ${lines} lines; at most ${longest} are allowed. Split it, or name its steps.`,
        });
      },
    };
  },
};

/** `test(...)`, `it.concurrent(...)`, `test.for(table)(...)`, but not `describe(...)` or `test.extend(...)`. */
function isCase(callee) {
  if (callee.type === 'Identifier') return callee.name === 'test' || callee.name === 'it';
  if (callee.type === 'CallExpression') return isCase(callee.callee);
  if (callee.type !== 'MemberExpression') return false;
  return callee.property.name !== 'extend' && isCase(callee.object);
}
