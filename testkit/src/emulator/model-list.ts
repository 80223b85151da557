import type { JsonObject } from '@batuta/contract';

/** The bodies of the addresses that list models; nothing for any other address. */
export function modelListOf(path: string, models: readonly string[]): JsonObject | undefined {
  switch (path) {
    case '/v1/models':
    case '/models':
      return openAiOrAnthropicList(models);
    case '/v1beta/models':
      return {
        models: models.map((name) => ({
          name: `models/${name}`,
          displayName: name,
          supportedGenerationMethods: ['generateContent'],
        })),
      };
    case '/api/tags':
      return { models: models.map(ollamaModel) };
    case '/api/version':
      return { version: '0.0.0-emulator' };
    default:
      return undefined;
  }
}

/** OpenAI and Anthropic list models at the same address; the fields of both fit into one body. */
function openAiOrAnthropicList(models: readonly string[]): JsonObject {
  return {
    object: 'list',
    data: models.map((id) => ({
      id,
      object: 'model',
      type: 'model',
      display_name: id,
      created: 1_767_225_600,
      created_at: '2026-01-01T00:00:00Z',
      owned_by: 'emulator',
    })),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  };
}

function ollamaModel(name: string): JsonObject {
  return {
    name,
    model: name,
    modified_at: '2026-01-01T00:00:00Z',
    size: 1,
    digest: '0'.repeat(64),
    details: { format: 'gguf', family: 'emulator', parameter_size: '1', quantization_level: 'none' },
  };
}
