/** Visitors that call `check(node, specifier, typesOnly)` for every way in which a file can name another one. */
export function visitImports(check) {
  const visitStatement = (node) => {
    if (node.source) check(node, node.source.value, isTypesOnly(node));
  };
  return {
    ImportDeclaration: visitStatement,
    ExportNamedDeclaration: visitStatement,
    ExportAllDeclaration: visitStatement,
    ImportExpression(node) {
      if (typeof node.source.value === 'string') check(node, node.source.value, false);
    },
    TSImportType(node) {
      check(node, node.source.value, true);
    },
  };
}

function isTypesOnly(node) {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const kinds = (node.specifiers ?? []).map((specifier) => specifier.importKind ?? specifier.exportKind);
  return kinds.length > 0 && kinds.every((kind) => kind === 'type');
}
