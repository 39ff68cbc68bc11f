import { graphlib, layout } from '@dagrejs/dagre'
import type { FlowEdge } from './flow-graph.ts'

export const NODE_WIDTH = 196
export const NODE_HEIGHT = 64

export type Positions = ReadonlyMap<string, { readonly x: number; readonly y: number }>

/** From left to right, in layers. */
export function layoutOf(nodes: readonly string[], edges: readonly FlowEdge[]): Positions {
  const graph = new graphlib.Graph()
    .setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 64, marginx: 24, marginy: 24 })
    .setDefaultEdgeLabel(() => ({}))
  for (const node of nodes) graph.setNode(node, { width: NODE_WIDTH, height: NODE_HEIGHT })
  for (const { from, to } of edges) graph.setEdge(from, to)
  layout(graph)
  return new Map(
    nodes.map(node => {
      const { x, y } = graph.node(node) as { x: number; y: number }
      return [node, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }]
    }),
  )
}
