/** Our own lint rules, for what no public rule says. `.oxlintrc.json` turns them on; `test/lint` shows each of them at work. */
import { docSentence } from './rule/doc-sentence.mjs';
import { folderName } from './rule/folder-name.mjs';
import { importDirection } from './rule/import-direction.mjs';
import { noBarrel } from './rule/no-barrel.mjs';
import { noCast } from './rule/no-cast.mjs';
import { noPlainError } from './rule/no-plain-error.mjs';
import { testCaseLength } from './rule/test-case-length.mjs';

const plugin = {
  meta: { name: 'batuta' },
  rules: {
    'doc-sentence': docSentence,
    'folder-name': folderName,
    'import-direction': importDirection,
    'no-barrel': noBarrel,
    'no-cast': noCast,
    'no-plain-error': noPlainError,
    'test-case-length': testCaseLength,
  },
};

export default plugin;
