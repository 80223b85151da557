import { placeOf } from '../place.mjs';

const vague = new Set([
  'util',
  'utils',
  'common',
  'helper',
  'helpers',
  'service',
  'services',
  'misc',
  'lib',
  'shared',
]);

/** A folder is named after what is in it; these names fit everything, so everything ends up in them. */
export const folderName = {
  create(context) {
    const found = placeOf(context)
      .split('/')
      .map((part) => part.replace(/\.[^/]*$/, ''))
      .find((part) => vague.has(part));
    if (!found) return {};
    return {
      Program(node) {
        context.report({
          node,
          message: `"${found}" says nothing: name the folder or file after what it holds.`,
        });
      },
    };
  },
};
