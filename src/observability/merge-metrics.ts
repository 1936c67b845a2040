// Several registries as one text: those of the workers and the control plane's own. Pure apart from prom-client's
// formatting, which is asynchronous.
import promClient from 'prom-client';
import type { MetricFamily } from './metric-family.ts';

/**
 * The Prometheus text of all parts; families of one name are merged by their aggregator. A part is what
 * `RequestMetrics.collect` or prom-client's `getMetricsAsJSON()` gave; a worker that gave anything else (it may have
 * died meanwhile) is left out rather than failing the scrape.
 */
export function mergeMetrics(parts: readonly unknown[]): Promise<string> {
  return promClient.AggregatorRegistry.aggregate(parts.filter(isFamilies) as never[]).metrics();
}

function isFamilies(part: unknown): part is readonly MetricFamily[] {
  return Array.isArray(part);
}
