import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../functions/backup/verify/evidence.ts';
import type { Expectation } from '../../../functions/backup/verify/expectation.ts';
import { judgeArchive } from '../../../functions/backup/verify/judgement.ts';
import { REASON_KINDS, type ReasonCode } from '../../../functions/backup/verify/reason-kinds.ts';
import { RANK, soundEvidence, soundExpectation } from './evidence-builder.ts';
import { CASES } from './judgement-cases.ts';

const judge = (evidence: Evidence, expectation: Expectation) => {
  const { verdict, reasons } = judgeArchive(evidence, expectation);
  return { verdict, codes: reasons.map(({ code }) => code) };
};

describe('an archive', () => {
  it('of which everything was looked at, and nothing speaks against it, is verified', () => {
    expect(judge(soundEvidence(), soundExpectation())).toEqual({ verdict: 'verified', codes: [] });
  });

  it.each(CASES)('whose $title is $verdict: $code', ({ change, verdict, code }) => {
    const [evidence, expectation] = change(soundEvidence(), soundExpectation());
    const judged = judge(evidence, expectation);
    expect(judged.verdict).toBe(verdict);
    expect(judged.codes).toEqual(code === '' ? [] : code.split(' '));
  });

  it('has a case for every reason', () => {
    const covered = new Set(CASES.flatMap(({ code }) => code.split(' ')));
    const all = Object.keys(REASON_KINDS) as ReasonCode[];
    expect(all.filter((code) => !covered.has(code))).toEqual([]);
  });

  it('has its reasons worst first, each with its result and something to do unless it is a note', () => {
    const against = CASES.map(({ change }) => change);
    fc.assert(
      fc.property(fc.subarray(against, { maxLength: 6 }), (changes) => {
        const [evidence, expectation] = changes.reduce(
          ([e, x], change) => change(e, x),
          [soundEvidence(), soundExpectation()],
        );
        const { reasons } = judgeArchive(evidence, expectation);
        const ranks = reasons.map(({ result }) => RANK[result]);
        expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
        for (const { result, remedy, message } of reasons) {
          expect(message).not.toBe('');
          expect(result === 'note' || remedy !== undefined).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a verdict', () => {
  const bad = CASES.filter(({ place }) => place !== undefined);

  it('never gets better by more evidence against the archive', () => {
    expect(bad.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(fc.subarray(bad), fc.constantFrom(...bad), (chosen, more) => {
        const before = chosen.filter(({ place }) => place !== more.place);
        const apply = (cases: typeof bad) =>
          cases.reduce(([evidence, expectation], { change }) => change(evidence, expectation), [
            soundEvidence(),
            soundExpectation(),
          ] as [Evidence, Expectation]);
        const rank = (cases: typeof bad): number => RANK[judgeArchive(...apply(cases)).verdict];
        expect(rank([...before, more])).toBeGreaterThanOrEqual(rank(before));
      }),
      { numRuns: 300 },
    );
  });

  it('is not green as long as anything was not looked at', () => {
    const parts = ['object', 'end', 'contents', 'information'] as const;
    fc.assert(
      fc.property(fc.subarray([...parts], { minLength: 1 }), (gone) => {
        const evidence: Evidence = soundEvidence();
        for (const part of gone) delete evidence[part];
        expect(judgeArchive(evidence, soundExpectation()).verdict).not.toBe('verified');
      }),
    );
    const files = soundEvidence().inner;
    for (const file of files) {
      const inner = files.filter((each) => each !== file);
      const { verdict, reasons } = judgeArchive({ ...soundEvidence(), inner }, soundExpectation());
      expect([verdict, reasons[0]?.code, reasons[0]?.subject]).toEqual([
        'not-checked',
        'not-looked-into',
        file.name,
      ]);
    }
  });
});
