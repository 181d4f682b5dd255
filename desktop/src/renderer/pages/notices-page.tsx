/** Notices: what people were told and whom it has reached; where notices go; addresses that are refused. */
import { useState } from 'react'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import { BlockedList } from '../notices/blocked-list.tsx'
import { ChannelCards } from '../notices/channel-cards.tsx'
import { Tabs } from '../notices/tabs.tsx'
import { TestNotice } from '../notices/test-notice.tsx'
import { ToldList } from '../notices/told-list.tsx'
import type { PageProps } from '../pages.tsx'
import { ActionButton } from '../parts/action-button.tsx'

const tabs = ['told', 'channels', 'blocks'] as const
type Tab = (typeof tabs)[number]

export const NoticesPage = ({ asked }: PageProps) => {
  const { model, texts } = useConsole()
  const known = useKnown(model)
  const off = whyOff(known, texts)
  const [tab, setTab] = useState<Tab>(tabs.find((each) => each === asked) ?? 'told')
  const [testing, setTesting] = useState(false)
  return (
    <div className="page notices-page">
      <div className="top">
        <h1>{texts.pages.notices}</h1>
        <ActionButton text={texts.notices.test} off={off} onPress={() => setTesting(true)} />
      </div>
      <Tabs
        label={texts.notices.parts}
        tabs={tabs.map((name) => ({ name, text: texts.notices[name] }))}
        at={tab}
        onChoose={setTab}
      >
        {tab === 'told' ? <ToldList /> : null}
        {tab === 'channels' ? <ChannelCards off={whyOff(known, texts, 'administrator')} /> : null}
        {tab === 'blocks' ? <BlockedList off={off} /> : null}
      </Tabs>
      {testing ? <TestNotice onClose={() => setTesting(false)} /> : null}
    </div>
  )
}
