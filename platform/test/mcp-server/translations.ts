import type { PlatformDoor } from '../http/open-platform.ts';

type Params = Record<string, unknown>;

/** The smallest picture that is one. */
const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const sound = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAESsAABErAAABAAgAZGF0YQAAAAA=';

/** What the sample server of the conformance suite has, and what of this one is of the same kind. */
export async function makeTranslations(door: PlatformDoor): Promise<(params: Params) => Params> {
  const files = await storeFiles(door);
  const tools: Readonly<Record<string, Params>> = {
    test_simple_text: { name: 'list_agents', arguments: {} },
    test_image_content: { name: 'read_artifact', arguments: { artifact_id: files['image/png'] } },
    test_audio_content: { name: 'read_artifact', arguments: { artifact_id: files['audio/wav'] } },
    test_error_handling: { name: 'get_run', arguments: { run_id: 'run_06aqn3zk5s7d1v2w8x9y0z1a2b' } },
    test_tool_with_progress: { name: 'run_agent', arguments: { agent: 'assistant', input: 'Go' } },
  };
  const named: Readonly<Record<string, Params>> = {
    ...tools,
    test_simple_prompt: { name: 'agent-assistant' },
  };
  const addresses: Readonly<Record<string, string>> = {
    'test://static-text': `batuta://artifacts/${files['text/plain']}`,
    'test://static-binary': `batuta://artifacts/${files['image/png']}`,
    'test://template/123/data': `batuta://artifacts/${files['text/plain']}`,
  };
  return (params) => {
    const { name, uri } = params;
    if (name === 'test_prompt_with_arguments') {
      const task = JSON.stringify(params['arguments']);
      return { ...params, name: 'agent-assistant', arguments: { task } };
    }
    if (typeof name === 'string' && named[name] !== undefined) return { ...params, ...named[name] };
    if (typeof uri === 'string' && addresses[uri] !== undefined) return { ...params, uri: addresses[uri] };
    return params;
  };
}

/** Ids of files by their types. */
async function storeFiles({ platform }: PlatformDoor): Promise<Record<string, string>> {
  const { application, identity } = platform;
  const types = { 'text/plain': btoa('123'), 'image/png': picture, 'audio/wav': sound };
  const files = Object.entries(types).map(([media_type, data]) => ({
    type: 'file' as const,
    media_type,
    data,
  }));
  await application.runs.accept(identity, { agent: 'assistant', input: files });
  const { items } = await application.artifacts.list(identity, { limit: 10 });
  return Object.fromEntries(items.map(({ media_type, id }) => [media_type, id]));
}
