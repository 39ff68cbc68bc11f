import { graphlib, layout } from '@dagrejs/dagre'
import { END, START, type FlowEdge } from './flow-graph.ts'

const NODE_WIDTH = 196
const NODE_HEIGHT = 64
/** Where it begins and ends is said in a word. */
const END_WIDTH = 112

export type Positions = ReadonlyMap<string, { readonly x: number; readonly y: number }>

/** From left to right, in layers. */
export function layoutOf(nodes: readonly string[], edges: readonly FlowEdge[]): Positions {
  const graph = new graphlib.Graph()
    .setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 92, marginx: 24, marginy: 24 })
    .setDefaultEdgeLabel(() => ({}))
  const widthOf = (node: string): number => (node === START || node === END ? END_WIDTH : NODE_WIDTH)
  for (const node of nodes) graph.setNode(node, { width: widthOf(node), height: NODE_HEIGHT })
  for (const { from, to } of edges) graph.setEdge(from, to)
  layout(graph)
  return new Map(
    nodes.map(node => {
      const { x, y } = graph.node(node) as { x: number; y: number }
      return [node, { x: x - widthOf(node) / 2, y: y - NODE_HEIGHT / 2 }]
    }),
  )
}
