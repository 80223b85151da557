import { visitImports } from '../imports.mjs';
import { adapterMayImport, layerOf } from '../layers.mjs';
import { isTest, placeOf, placeOfImport, workspaceOf } from '../place.mjs';

/**
 * Imports go one way, as the table in `layers.mjs` says; a package reaches another one only by its name. What belongs to the
 * repository itself (generators, tests of the whole) may read any file.
 */
export const importDirection = {
  create(context) {
    const place = placeOf(context);
    return visitImports((node, specifier, typesOnly) => {
      const complaint = specifier.startsWith('.')
        ? complainOfFile(place, placeOfImport(context, specifier), typesOnly)
        : complainOfPackage(place, specifier);
      if (complaint) context.report({ node, message: complaint });
    });
  },
};

function complainOfFile(place, target, typesOnly) {
  const own = workspaceOf(place);
  if (!own) return undefined;
  if (own !== workspaceOf(target)) return complainOfPath(place, target);
  const layer = layerOf(place);
  if (!layer || isTest(place)) return undefined;
  const wanted = layerOf(target);
  if (layer.name === 'adapter' && wanted?.name === 'adapter') {
    return adapterMayImport(place, target) ? undefined : 'Adapters do not know each other: meet in a port.';
  }
  return complainOfLayer(layer, wanted, typesOnly);
}

/** A package's tests may use the repository's tools, for instance to see that what was generated is up to date. */
function complainOfPath(place, target) {
  const other = workspaceOf(target);
  if (!other && isTest(place)) return undefined;
  if (other) return `Import the package ${other} by its name, not by a path into it.`;
  return `A package may not import ${target}, which belongs to the repository around it.`;
}

function complainOfLayer(layer, wanted, typesOnly) {
  if (!wanted || layer.layers.includes(wanted.name)) return undefined;
  if (layer.types?.includes(wanted.name)) {
    return typesOnly ? undefined : `${layer.name} may import only types from ${wanted.name}.`;
  }
  return `${layer.name} may not import ${wanted.name}; it may import ${layer.layers.join(', ')} (tool/lint/layers.mjs).`;
}

function complainOfPackage(place, specifier) {
  const layer = layerOf(place);
  if (!layer || isTest(place)) return undefined;
  const [scope, name] = specifier.split('/');
  if (scope === '@batuta') {
    if (layer.packages.includes(name) || layer.name === name) return undefined;
    return `${layer.name} may not import ${specifier}.`;
  }
  const library = scope.startsWith('@') ? `${scope}/${name}` : scope;
  if (!layer.libraries || layer.libraries.includes(library)) return undefined;
  return `${layer.name} may not import ${library}: it does not touch the world (tool/lint/layers.mjs lists what it may use).`;
}
