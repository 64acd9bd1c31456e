import { describe, expect, it } from 'vitest';
import { Input } from '../../functions/deployment/receive-webhook.contract.ts';
import { readGatewayEvent } from '../../functions/deployment/webhook-request.ts';

const read = (event: unknown) => readGatewayEvent(Input.parse(event));

const httpApi = {
  version: '2.0',
  rawPath: '/hooks/registry',
  headers: { authorization: 'Bearer x' },
  body: '{}',
};
const restApi = {
  httpMethod: 'POST',
  path: '/hooks/registry',
  headers: { Authorization: 'Bearer x' },
  body: '{}',
};

describe.each([
  ['an HTTP API', httpApi],
  ['a REST API', restApi],
])('an event of %s', (_gateway, event) => {
  it('names the source in its path parameter', () => {
    expect(read({ ...event, pathParameters: { source: 'gitlab' } }).source).toBe('gitlab');
  });

  it.each([
    ['/hooks/registry', 'registry'],
    ['/prod/hooks/registry/', 'registry'],
    ['/', ''],
  ])('without path parameters, %s names the source %j', (path, source) => {
    expect(read({ ...event, rawPath: path, path, pathParameters: null }).source).toBe(source);
  });

  it('has headers that are found whatever their case', () => {
    expect(read(event).headers.get('authorization')).toBe('Bearer x');
  });

  it('has a body of the same bytes, written as text or as base64', () => {
    const bytes = Buffer.from('{"a":"é"}');
    expect(read({ ...event, body: bytes.toString() }).body).toEqual(bytes);
    expect(read({ ...event, body: bytes.toString('base64'), isBase64Encoded: true }).body).toEqual(bytes);
  });

  it('has bytes that are no UTF-8, as they came', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    expect(read({ ...event, body: bytes.toString('base64'), isBase64Encoded: true }).body).toEqual(bytes);
  });

  it.each([[null], [undefined]])('without a body (%j) and headers is empty', (nothing) => {
    const request = read({ ...event, body: nothing, headers: nothing });
    expect(request.body.byteLength).toBe(0);
    expect(request.headers.size).toBe(0);
  });
});

describe('a header that came twice', () => {
  const twice = { authorization: ['Bearer stranger', 'Bearer x'] };

  it('is joined for a REST API, as an HTTP API joins it', () => {
    const request = read({ ...restApi, multiValueHeaders: { Authorization: twice.authorization } });
    expect(request.headers.get('authorization')).toBe('Bearer stranger, Bearer x');
  });
});
