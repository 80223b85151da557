import { artifactPageSchema, listArtifactsSchema } from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { artifactParams } from '../request/path-params.ts';
import { jsonAnswer } from './answer-description.ts';

const mediaTypePattern = /^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/;

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/artifacts',
  summary: 'List files that runs were given or made, newest first.',
  group: 'Artifacts',
  scope: 'artifacts:read',
  query: listArtifactsSchema,
  answers: [jsonAnswer(200, 'One page of files.', artifactPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.artifacts.list(exchange.identity, exchange.query)),
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/artifacts/{id}',
  summary: 'Download a file that a run was given or made.',
  group: 'Artifacts',
  scope: 'artifacts:read',
  params: artifactParams,
  answers: [{ status: 200, description: 'The bytes of the file.', mediaType: '*/*' }],
  async handle(exchange) {
    const { door, identity, params } = exchange;
    const { name, mediaType, content } = await door.application.artifacts.read(identity, params.id);
    return new Response(new Uint8Array(content), {
      headers: {
        ...exchange.headers,
        'content-type': mediaTypePattern.test(mediaType) ? mediaType : 'application/octet-stream',
        'content-length': String(content.byteLength),
        'content-disposition': attachment(name),
        'content-security-policy': `${exchange.headers['content-security-policy']}; sandbox`,
      },
    });
  },
});

/** Always an attachment: a file of a run, shown as a page of this origin, could act with the reader's cookie. */
function attachment(name: string): string {
  const plain = name.replace(/[^\w.() -]/g, '_').slice(0, 128);
  const whole = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, escapeByte);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}

function escapeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

export const artifactEndpoints: readonly Endpoint[] = [list, get];
