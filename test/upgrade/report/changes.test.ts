import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../functions/records/upgrade/finding.ts';
import { compareReports } from '../../../functions/upgrade/report/changes.ts';
import { buildFinding, buildReport } from '../../support/upgrade-report.ts';

const ignored = { reason: 'known', expires: '2027-01-31' };
const web = buildFinding();
const api = buildFinding({ subject: 'Deployment shop/api' });
const later = buildFinding({ subject: 'Deployment shop/later', step: '1.37' });
const blind = buildFinding({ result: 'not-checked', subject: 'deployments.apps' });

interface Case {
  readonly before: readonly Finding[];
  readonly now: readonly Finding[];
  readonly added?: readonly Finding[];
  readonly gone?: readonly Finding[];
}

const CASES: readonly (readonly [string, Case])[] = [
  ['the same twice is no change', { before: [web], now: [web] }],
  ['what was not there is new', { before: [web], now: [web, api], added: [api] }],
  ['what was milder is new', { before: [{ ...web, result: 'warn' }], now: [web], added: [web] }],
  ['what became milder is neither', { before: [web], now: [{ ...web, result: 'warn' }] }],
  ['what is not found any more is gone', { before: [web, api], now: [web], gone: [api] }],
  ['what became ignored is not gone', { before: [web], now: [{ ...web, ignored }] }],
  ['what is no longer ignored is new', { before: [{ ...web, ignored }], now: [web], added: [web] }],
  ['a new finding that is ignored is not new', { before: [], now: [{ ...web, ignored }] }],
  [
    'what its check cannot see any more is neither gone nor fixed',
    { before: [web], now: [blind], added: [blind] },
  ],
  [
    'what another check cannot see changes nothing',
    { before: [web], now: [{ ...blind, check: 'ipvs' }], added: [{ ...blind, check: 'ipvs' }], gone: [web] },
  ],
  [
    'a check as blind as before still tells what is gone',
    { before: [web, blind], now: [blind], gone: [web] },
  ],
  ['what was not checked and now is, is gone', { before: [blind], now: [], gone: [blind] }],
  ['what lies beyond the target of now is not gone', { before: [later], now: [] }],
];

describe('the changes since the report before', () => {
  it.each(CASES)('%s', (_, { before, now, added = [], gone = [] }) => {
    const changes = compareReports(buildReport(before), buildReport(now));
    expect(changes.added).toEqual(added.map(({ id }) => id));
    expect(changes.gone).toEqual(gone);
  });

  it('name the report that they are compared with', () => {
    const before = buildReport([web], { at: '2026-11-20T05:00:00.000Z' });
    expect(compareReports(before, buildReport([]))).toMatchObject({ since: before.at, verdict: 'blocked' });
  });

  it('take the verdict of before about the way of now: what only a look further ahead found is left out', () => {
    const further = buildReport([{ ...web, result: 'warn' }, later], { target: '1.37' });
    expect(compareReports(further, buildReport([]))).toMatchObject({ verdict: 'warnings' });
    expect(compareReports(further, buildReport([], { target: '1.37' }))).toMatchObject({
      verdict: 'blocked',
    });
  });
});
