import * as z from 'zod';
import { findPlaceholders } from './answer-placeholders.ts';

/** What answers a request for approval: the hash of the plan that was read, and who says yes to it. */
export const ApprovalAnswer = z.object({ plan: z.string().min(1), by: z.string().trim().min(1).max(200) });
export type ApprovalAnswer = z.output<typeof ApprovalAnswer>;

export type ApprovalVerdict =
  | { readonly ok: true; readonly by: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Is this answer an approval of this plan? It must name the plan's hash, which proves that this very plan was read,
 * and come from somebody else than the person who asked for it. Who really answered is in CloudTrail
 * (`SendTaskSuccess`); the names here are for people.
 */
export const judgeApproval = (
  answer: unknown,
  expected: { readonly plan: string; readonly startedBy: string },
): ApprovalVerdict => {
  const parsed = ApprovalAnswer.safeParse(answer);
  if (!parsed.success) {
    return {
      ok: false,
      reason: 'the answer is no approval: it takes {"plan":"<hash of the plan>","by":"<you>"}',
    };
  }
  const { plan, by } = parsed.data;
  if (findPlaceholders(parsed.data).length > 0) {
    return { ok: false, reason: 'the answer names nobody: put a name in place of <you>' };
  }
  if (plan !== expected.plan) {
    return { ok: false, reason: `${by} approved the plan ${plan}, and this is the plan ${expected.plan}` };
  }
  if (isSamePerson(by, expected.startedBy)) {
    return { ok: false, reason: `${by} asked for this plan; somebody else has to approve it` };
  }
  return { ok: true, by };
};

/** Names are typed by people: `Ada `, `ada` and a full-width `Ａda` are one person. */
const isSamePerson = (a: string, b: string): boolean => normalise(a) === normalise(b);
const normalise = (name: string): string =>
  name.normalize('NFKC').replaceAll(/\s+/gu, ' ').trim().toLowerCase();
