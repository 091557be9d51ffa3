// 更多: the pages for which there is no place below, one tap further away; and which pages these are.
import { text } from '#core/text.ts'
import { holds, useSession } from '#web/session.ts'
import { Icon } from './icons.tsx'
import type { PhonePage, PhoneParts } from './parts.ts'
import { PhoneLink } from './route.ts'
import { places } from './places.ts'
import { Card } from './ui.tsx'
import { useWords } from './words.ts'

/** A list of pages to go to, under a title. */
export function PageLinks({ title, pages }: { title: PhonePage['title']; pages: readonly PhonePage[] }) {
  const say = useWords()
  return (
    <Card title={title}>
      {pages.map((page) => (
        <PhoneLink key={page.path} href={page.path} className="small plain">
          <Icon name={page.icon ?? 'list'} />
          <span>{say(page.title)}</span>
        </PhoneLink>
      ))}
    </Card>
  )
}

export function MorePage({ parts }: { parts: PhoneParts }) {
  const { roles } = useSession()
  const { more } = places(parts.pages.filter((page) => holds(page.roles, roles)))
  return <PageLinks title={text('其他工作', 'Other work')} pages={more} />
}
