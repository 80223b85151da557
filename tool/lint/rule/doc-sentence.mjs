/** What a package offers to others is explained where it is declared, in one sentence at least. */
export const docSentence = {
  create(context) {
    const documented = new Set();
    return {
      ExportNamedDeclaration(node) {
        const names = declaredNames(node.declaration);
        const isExplained = hasDocComment(context, node) || names.every((name) => documented.has(name));
        if (names.length === 0) return;
        if (isExplained) for (const name of names) documented.add(name);
        else
          context.report({
            node,
            message: `${names.join(', ')} is exported: say in a doc comment what it is.`,
          });
      },
    };
  },
};

/** Names that a declaration declares; an overload has the name of the first and needs no sentence of its own. */
function declaredNames(declaration) {
  if (!declaration) return [];
  if (declaration.type !== 'VariableDeclaration') return declaration.id?.name ? [declaration.id.name] : [];
  return declaration.declarations.map(({ id }) => id.name ?? 'This');
}

function hasDocComment(context, node) {
  const last = context.sourceCode.getCommentsBefore(node).at(-1);
  if (last?.type !== 'Block' || !last.value.startsWith('*')) return false;
  const isAdjacent = node.loc.start.line - last.loc.end.line <= 1;
  return isAdjacent && /\p{L}+\s+\p{L}+/u.test(last.value);
}
