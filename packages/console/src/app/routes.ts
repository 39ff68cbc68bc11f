import type { RouteRecordRaw } from 'vue-router'
import type { Scope } from '../features/session/session.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the page's name, for the window's title. */
    readonly title?: string
    /** Needed to see the page; others are told so. */
    readonly scope?: Scope
    /** Seen without signing in, without the frame. */
    readonly isPublic?: boolean
    /** Which place of the rail is lit; the route's own name unless said. */
    readonly place?: string
    /** Addresses with the same one are one page: it stays, with its list as it was, when one leads to the other. */
    readonly page?: string
  }
}

const TasksPage = (): Promise<object> => import('../pages/TasksPage.vue')

/** Every address of the console. Pages are loaded when they are opened. */
export const ROUTES: readonly RouteRecordRaw[] = [
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('../pages/SignInPage.vue'),
    meta: { isPublic: true, title: 'signIn.title' },
  },
  {
    path: '/join/:token',
    name: 'join',
    component: () => import('../pages/JoinPage.vue'),
    props: true,
    meta: { isPublic: true, title: 'signIn.title' },
  },
  { path: '/', name: 'home', component: () => import('../pages/HomePage.vue'), meta: { title: 'nav.home' } },
  {
    path: '/customers',
    name: 'customers',
    component: () => import('../pages/CustomersPage.vue'),
    meta: { title: 'nav.customers', scope: 'customer.read' },
  },
  {
    path: '/customers/:id/:tab?',
    name: 'customer',
    component: () => import('../pages/CustomerPage.vue'),
    props: true,
    meta: { title: 'nav.customers', scope: 'customer.read', place: 'customers' },
  },
  {
    path: '/holds',
    name: 'holds',
    component: () => import('../pages/HoldsPage.vue'),
    meta: { title: 'nav.holds', scope: 'hold.read' },
  },
  {
    path: '/holds/:id',
    name: 'hold',
    component: () => import('../pages/HoldPage.vue'),
    props: true,
    meta: { title: 'hold.title', scope: 'hold.read', place: 'holds' },
  },
  {
    path: '/securities',
    name: 'securities',
    component: () => import('../pages/SecuritiesPage.vue'),
    meta: { title: 'nav.securities', scope: 'customer.read' },
  },
  {
    path: '/securities/:id',
    name: 'security',
    component: () => import('../pages/SecurityPage.vue'),
    props: true,
    meta: { title: 'security.title', scope: 'customer.read', place: 'securities' },
  },
  {
    path: '/portfolio',
    name: 'portfolio',
    component: () => import('../pages/PortfolioPage.vue'),
    meta: { title: 'nav.portfolio', scope: 'portfolio.read' },
  },
  {
    path: '/tasks',
    name: 'tasks',
    component: TasksPage,
    meta: { title: 'nav.tasks', scope: 'task.read', page: 'tasks' },
  },
  {
    path: '/tasks/:id',
    name: 'task',
    component: TasksPage,
    props: true,
    meta: { title: 'nav.tasks', scope: 'task.read', place: 'tasks', page: 'tasks' },
  },
  {
    path: '/applications',
    name: 'applications',
    component: () => import('../pages/ApplicationsPage.vue'),
    meta: { title: 'nav.applications', scope: 'application.read' },
  },
  {
    path: '/applications/new',
    name: 'application-new',
    component: () => import('../pages/ApplicationNewPage.vue'),
    meta: { title: 'palette.newApplication', scope: 'application.submit', place: 'applications' },
  },
  {
    path: '/applications/:id',
    name: 'application',
    component: () => import('../pages/ApplicationPage.vue'),
    props: true,
    meta: { title: 'kind.application', scope: 'application.read', place: 'applications' },
  },
  {
    path: '/requests/new',
    name: 'request-new',
    component: () => import('../pages/RequestNewPage.vue'),
    meta: { title: 'request.menu', scope: 'application.submit', place: 'applications' },
  },
  {
    path: '/approvals/:id',
    name: 'approval',
    component: () => import('../pages/ApprovalPage.vue'),
    props: true,
    meta: { title: 'task.toMatter', scope: 'task.read', place: 'applications' },
  },
  {
    path: '/policies',
    name: 'policies',
    component: () => import('../pages/PoliciesPage.vue'),
    meta: { title: 'nav.policies', scope: 'policy.read' },
  },
  {
    path: '/policies/:id+/v/:version/print',
    name: 'policy-print',
    component: () => import('../pages/PolicyPrintPage.vue'),
    props: true,
    meta: { title: 'nav.policies', scope: 'policy.read', place: 'policies' },
  },
  {
    path: '/policies/:id+/v/:version/:tab?',
    name: 'policy-version',
    component: () => import('../pages/PolicyVersionPage.vue'),
    props: true,
    meta: { title: 'nav.policies', scope: 'policy.read', place: 'policies' },
  },
  {
    path: '/policies/:id+/diff/:range',
    name: 'policy-diff',
    component: () => import('../pages/PolicyDiffPage.vue'),
    props: true,
    meta: { title: 'nav.policies', scope: 'policy.read', place: 'policies' },
  },
  {
    path: '/changes',
    name: 'changes',
    component: () => import('../pages/ChangesPage.vue'),
    meta: { title: 'change.title', scope: 'policy.read', place: 'policies' },
  },
  {
    path: '/changes/:id',
    name: 'change',
    component: () => import('../pages/ChangePage.vue'),
    props: true,
    meta: { title: 'change.title', scope: 'policy.read', place: 'policies' },
  },
  {
    path: '/library/:kind?/:name?',
    name: 'library',
    component: () => import('../pages/LibraryPage.vue'),
    props: true,
    meta: { title: 'library.title', scope: 'policy.read', place: 'policies' },
  },
  {
    path: '/policies/:id+',
    name: 'policy',
    redirect: ({ params }) => ({ name: 'policy-version', params: { ...params, version: 'live' } }),
  },
  {
    path: '/decisions/:id',
    name: 'decision',
    component: () => import('../pages/DecisionPage.vue'),
    props: true,
    meta: { title: 'decision.title', scope: 'decision.read', place: 'customers' },
  },
  {
    path: '/import',
    name: 'imports',
    component: () => import('../pages/ImportsPage.vue'),
    meta: { title: 'nav.imports', scope: 'import.read' },
  },
  {
    path: '/import/:id',
    name: 'import',
    component: () => import('../pages/ImportPage.vue'),
    props: true,
    meta: { title: 'nav.imports', scope: 'import.read', place: 'imports' },
  },
  {
    path: '/alerts',
    name: 'alerts',
    component: () => import('../pages/AlertsPage.vue'),
    meta: { title: 'nav.alerts', scope: 'alert.read' },
  },
  { path: '/audit', name: 'audit', component: () => import('../pages/AuditPage.vue'), meta: { title: 'nav.audit', scope: 'audit.read' } },
  {
    path: '/settings/mail/:tab?',
    name: 'mail',
    component: () => import('../pages/MailPage.vue'),
    props: true,
    meta: { title: 'mail.title', scope: 'instance.administer', place: 'settings' },
  },
  {
    path: '/settings/:section?',
    name: 'settings',
    component: () => import('../pages/SettingsPage.vue'),
    props: true,
    meta: { title: 'nav.settings' },
  },
  { path: '/:rest(.*)*', name: 'not-found', component: () => import('../pages/NotFoundPage.vue'), meta: { title: 'notFound.title' } },
]
