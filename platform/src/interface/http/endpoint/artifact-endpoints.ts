import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { artifactParams } from '../request/path-params.ts';

const mediaTypePattern = /^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/;

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

export const artifactEndpoints: readonly Endpoint[] = [get];
