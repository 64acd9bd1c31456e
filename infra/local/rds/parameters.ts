import type { Tag } from '@aws-sdk/client-rds';
import { RdsError } from './answer.ts';

/** The parameters of a call: `DBInstanceIdentifier`, `Tags.Tag.1.Key`. */
export type Parameters = URLSearchParams;

/** @throws RdsError when it is not given. */
export const needText = (parameters: Parameters, name: string): string => {
  const value = parameters.get(name);
  if (!value) throw new RdsError('InvalidParameterValue', `The parameter ${name} must be provided.`);
  return value;
};

/** An identifier as RDS keeps it: in lower case. Source: RDS API, CreateDBInstance: DBInstanceIdentifier. */
export const needIdentifier = (parameters: Parameters, name: string): string => {
  const value = needText(parameters, name).toLowerCase();
  if (/^(?!.*--)[a-z][a-z0-9-]{0,254}(?<!-)$/.test(value)) return value;
  throw new RdsError('InvalidParameterValue', `The parameter ${name} is not a valid identifier: ${value}.`);
};

/** Items of a list of texts: `VpcSecurityGroupIds.VpcSecurityGroupId`; undefined when it is not given. */
export const readList = (parameters: Parameters, name: string): string[] | undefined => {
  const found: string[] = [];
  for (let index = 1; ; index++) {
    const value = parameters.get(`${name}.${index}`);
    if (value === null) return found.length > 0 ? found : undefined;
    found.push(value);
  }
};

export const readTags = (parameters: Parameters): Tag[] => {
  const found: Tag[] = [];
  for (let index = 1; ; index++) {
    const Key = parameters.get(`Tags.Tag.${index}.Key`);
    if (Key === null) return found;
    found.push({ Key, Value: parameters.get(`Tags.Tag.${index}.Value`) ?? '' });
  }
};

export const readFlag = (parameters: Parameters, name: string): boolean | undefined =>
  parameters.has(name) ? parameters.get(name) === 'true' : undefined;

export const readNumber = (parameters: Parameters, name: string): number | undefined =>
  parameters.has(name) ? Number(parameters.get(name)) : undefined;

export const readText = (parameters: Parameters, name: string): string | undefined =>
  parameters.get(name) ?? undefined;
