import { visitImports } from '../imports.mjs';
import { isTest, placeOf, placeOfImport, workspaceOf } from '../place.mjs';

/** A package has one list of what it offers, `src/index.ts`, written by name; inside the package each thing is imported from its own file. */
export const noBarrel = {
  create(context) {
    const place = placeOf(context);
    const own = workspaceOf(place);
    const index = `${own}/src/index.ts`;
    const report = (node, message) => context.report({ node, message });
    return {
      ...visitImports((node, specifier) => {
        if (node.type === 'ExportAllDeclaration') report(node, 'No "export *": name what is exported.');
        if (own && specifier.startsWith('.') && placeOfImport(context, specifier) === index) {
          report(node, `Do not import the package's own index: import from the file that declares it.`);
        }
        if (own && !isTest(place) && specifier === packageName(own)) {
          report(
            node,
            `Do not import the package from inside by its name: import from the file that declares it.`,
          );
        }
      }),
      Program(node) {
        const isIndex = /(^|\/)index\.[cm]?[jt]sx?$/.test(place);
        if (isIndex && place !== index) {
          report(
            node,
            "A file named index is only a package's src/index.ts: name this file after what it holds.",
          );
        }
      },
    };
  },
};

function packageName(workspace) {
  return `@batuta/${workspace.split('/')[0]}`;
}
