const anything = new Set(['TSUnknownKeyword', 'TSAnyKeyword', 'TSNeverKeyword']);
const casts = new Set(['TSAsExpression', 'TSTypeAssertion']);

/** A cast through `unknown` turns the type checker off: parse the value, or give it its true type. */
export const noCast = {
  create(context) {
    const check = (node) => {
      const inner = node.expression;
      if (!casts.has(inner.type) || !anything.has(inner.typeAnnotation.type)) return;
      context.report({
        node,
        message:
          'No cast through unknown, any or never: parse the value with a schema, narrow it, or mend its type.',
      });
    };
    return { TSAsExpression: check, TSTypeAssertion: check };
  },
};
