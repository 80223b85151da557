const builtIn = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'EvalError',
  'URIError',
  'AggregateError',
]);

/** Every failure that a person can meet is in the error catalogue: `throw new BatutaError(code, data)`. */
export const noPlainError = {
  create(context) {
    return {
      ThrowStatement({ argument }) {
        const thrown = argument?.type === 'NewExpression' || argument?.type === 'CallExpression';
        if (!thrown || !builtIn.has(argument.callee.name)) return;
        context.report({
          node: argument,
          message: `Throw a BatutaError with a code of the catalogue (contract/src/error/catalogue.ts), not a plain ${argument.callee.name}.`,
        });
      },
    };
  },
};
