/** Answers of S3 as it writes them. Source: Amazon S3 API reference, "Error responses" and the pages of the calls. */

export interface S3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

/** Something that S3 says no to. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal';
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const writeRefusal = ({ status, code, message }: S3Refusal): S3Answer =>
  writeXml(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`, status);

export const writeXml = (xml: string, status = 200): S3Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`),
});

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
