// Why a rule does not take a request: the fewest matchers that would have to say something else, and what they looked at.
import { editDistance } from '../../lib/nearest.ts';
import { compileMatcher, headerValue } from '../routing/compile-matcher.ts';
import { createRegexpCache, type RegexpCache } from '../routing/compile-regexp.ts';
import { someQueryValue } from '../routing/match-query.ts';
import type { RequestHead } from '../routing/request-head.ts';
import type { MatchNode, RuleNode } from '../routing/rule-node.ts';

/** A matcher in the way. */
export type Miss = {
  /** One sentence. */
  readonly reason: string;
  /** How far the request is from it, for finding the router that was meant. */
  readonly distance: number;
};

/** None: the rule takes the request. */
export type Misses = readonly Miss[];

/** Another host is rather another application; one that is a few letters off is a slip. */
const otherHost = 6;
const nearHost = 2;
const nearLetters = 3;

/** The distance of a request from a rule as a whole. */
export function distanceOf(misses: Misses): number {
  return misses.reduce((sum, { distance }) => sum + distance, 0);
}

/** Judges rules about one request. */
export function createRuleJudge(head: RequestHead): (rule: RuleNode) => Misses {
  const cache = createRegexpCache();
  return (rule) => missesOf(rule, head, cache, false);
}

function missesOf(rule: RuleNode, head: RequestHead, cache: RegexpCache, negated: boolean): Misses {
  switch (rule.kind) {
    case 'match': {
      if (compileMatcher(rule, cache)(head) !== negated) return [];
      const reason = `${negated ? '!' : ''}${writeMatcher(rule)}: ${lookedAt(rule, head)}`;
      return [{ reason, distance: distanceFrom(rule, head) }];
    }
    case 'not':
      return missesOf(rule.node, head, cache, !negated);
    default: {
      const left = missesOf(rule.left, head, cache, negated);
      const right = missesOf(rule.right, head, cache, negated);
      // A negated && is a || of the negated sides (De Morgan).
      if ((rule.kind === 'and') !== negated) return [...left, ...right];
      return distanceOf(left) <= distanceOf(right) ? left : right;
    }
  }
}

function distanceFrom({ matcher, args: [wanted = ''] }: MatchNode, { host }: RequestHead): number {
  if (matcher !== 'Host' && matcher !== 'HostRegexp') return 1;
  return editDistance(wanted, host, nearLetters + 1) <= nearLetters ? nearHost : otherHost;
}

function writeMatcher({ matcher, args }: MatchNode): string {
  return `${matcher}(${args.map((argument) => `\`${argument}\``).join(', ')})`;
}

/** What the request has there. */
function lookedAt({ matcher, args: [first = ''] }: MatchNode, head: RequestHead): string {
  switch (matcher) {
    case 'Host':
    case 'HostRegexp':
      return head.host === '' ? 'the request names no host.' : `the host is ${quote(head.host)}.`;
    case 'Path':
    case 'PathPrefix':
    case 'PathRegexp':
      return `the path is ${quote(head.path)}.`;
    case 'Method':
      return `the method is ${head.method}.`;
    case 'Header':
    case 'HeaderRegexp': {
      const value = headerValue(head.headers, first.toLowerCase());
      if (value === undefined) return `the request has no field ${first}.`;
      return `${first} is ${quote(typeof value === 'string' ? value : value.join(', '))}.`;
    }
    case 'Query':
    case 'QueryRegexp':
      return queryValue(head.rawQuery, first);
    case 'ClientIP':
      return `the client is ${head.clientAddress}.`;
  }
}

function queryValue(rawQuery: string, key: string): string {
  const values: string[] = [];
  someQueryValue(rawQuery, key, (value) => {
    values.push(value);
    return false;
  });
  if (values.length === 0) return `the query has no ${key}.`;
  return `${key} is ${values.map(quote).join(' and ')}.`;
}

const quote = (text: string): string => JSON.stringify(text);
