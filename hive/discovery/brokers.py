"""How the libraries of message brokers look in code: a table of calls and annotations."""

import re
from dataclasses import dataclass
from typing import Literal

Role = Literal["publish", "subscribe", "call", "handle"]


@dataclass(frozen=True)
class Pattern:
    """A call or annotation that carries a message's address in its arguments."""

    role: Role
    mark: str
    """A plain string that must be in the file: cheaper than the expression."""
    head: re.Pattern[str]
    """Ends with the opening bracket."""
    arguments: int = 1
    """How many of the first positional arguments can be an address."""
    broad: int | None = None
    """Which of them is an exchange, where several are addresses."""


def _call(role: Role, mark: str, names: str, arguments: int = 1, broad: int | None = None) -> Pattern:
    generic = r"(?:<[^<>()\n]{0,80}(?:<[^<>()\n]{0,80}>)?[^<>()\n]{0,20}>)?"
    return Pattern(role, mark, re.compile(rf"(?:{names})\s*{generic}\s*\("), arguments, broad)


def _struct(role: Role, mark: str, names: str) -> Pattern:
    return Pattern(role, mark, re.compile(rf"\b(?:{names})\s*\{{"), 0)


_RABBIT = (
    _call("publish", "onvertAndSend", r"\bconvertAndSend|\bconvertSendAndReceive", 2, 0),
    _call("publish", "asic", r"\bbasic_?[pP]ublish(?:Async)?|\bBasicPublish(?:Async)?", 2, 0),
    _call("publish", "ublishWith", r"\bPublishWith(?:DeferredConfirm)?(?:WithContext|Context)", 3, 0),
    _call("publish", "sendToQueue", r"\bsendToQueue"),
    _call(
        "subscribe",
        "Listener",
        r"@(?:RabbitListener|KafkaListener|JmsListener|SqsListener|StreamListener|PulsarListener)",
    ),
    _call("subscribe", "@Queue", r"@Queue\b|@QueueBinding"),
    _call("subscribe", "RabbitSubscribe", r"@RabbitSubscribe", 0),
    _call(
        "subscribe",
        "onsume",
        r"\b(?:BasicConsume(?:Async)?|basic_consume|basicConsume)|\.(?:consume|Consume|ConsumePartition)",
        2,
    ),
    _call("subscribe", "ueue", r"\b(?:QueueBind(?:Async)?|queue_bind|queueBind|bindQueue)", 3),
)
_KAFKA = (
    _call(
        "publish",
        "Template",
        r"[kK]afka\w*[tT]emplate\w*\s*\.\s*send|jmsTemplate\s*\.\s*send|pubSubTemplate\s*\.\s*publish",
    ),
    _call(
        "publish",
        "roducer",
        r"[pP]roducer\w*\s*(?:\.|->)\s*(?:send|produce|send_and_wait|Send|Produce|ProduceAsync|SendMessage)",
    ),
    _call("publish", "ProducerRecord", r"\bProducerRecord"),
    _call("subscribe", "onsumer(", r"\b(?:KafkaConsumer|AIOKafkaConsumer)", 2),
    _struct("publish", "Message{", r"kafka\.Message|sarama\.ProducerMessage"),
    _struct("publish", "Writer", r"kafka\.Writer|kafka\.WriterConfig"),
    _struct("publish", "TopicPartition{", r"kafka\.TopicPartition"),
    _struct("subscribe", "ReaderConfig", r"kafka\.ReaderConfig"),
)
_ANY = (
    _call(
        "publish",
        "ublish",
        r"[.>](?:publish|Publish|PublishAsync|publishAsync|publish_message|PublishMsg)",
        3,
        0,
    ),
    _call("publish", "ublish", r"\b(?:publishEvent|PublishEventAsync|publish_event|PublishEvent)", 3, 0),
    _call(
        "subscribe",
        "ubscribe",
        r"[.>:](?:subscribe|Subscribe|SubscribeAsync|QueueSubscribe|psubscribe|SubscribeTopics)",
        3,
    ),
    _call(
        "subscribe", "ubscribe", r"(?:^|\s)subscribe(?=\(\s*(?:listOf|setOf|Arrays|Collections|\[|[\"']))", 1
    ),
    _call("subscribe", "ubscribe", r"\.(?:ChanSubscribe|PSubscribe|SubscribeSync|subscribe_topics)", 2),
    _call(
        "publish",
        "Push",
        r"\.(?:RPush|LPush|ListRightPush(?:Async)?|ListLeftPush(?:Async)?)",
        2,
    ),
    _call(
        "subscribe",
        "Pop",
        r"\.(?:BLPop|BRPop|ListLeftPop(?:Async)?|ListRightPop(?:Async)?)",
        2,
    ),
    _call(
        "publish",
        "ublisher",
        r"[pP]ublisher\.\w*(?:Exchange|Topic|Queue|RoutingKey|BindingKey|Subject)\w*",
    ),
    _call(
        "subscribe",
        "onsumer",
        r"[cC]onsumer\.\w*(?:Exchange|Topic|Queue|RoutingKey|BindingKey|Subject)\w*",
    ),
)
_QUEUES = (
    _call("publish", "push(", r"\.(?:rpush|lpush)"),
    _call("subscribe", "pop(", r"\.(?:blpop|brpop|lpop|rpop)"),
    _call("publish", ".xadd(", r"\.xadd"),
    _call(
        "publish",
        "ender",
        r"\b(?:open_sender|createSender|CreateSender|NewSender|get_queue_sender|get_topic_sender)",
        2,
    ),
    _call(
        "subscribe",
        "eceiver",
        r"\b(?:open_receiver|createReceiver|CreateReceiver|NewReceiver(?:ForQueue)?|get_queue_receiver)",
        2,
    ),
    _call("subscribe", "rocessor", r"\bCreateProcessor"),
)
_FRAMEWORKS = (
    _call("publish", "treamBridge", r"\bstreamBridge\s*\.\s*send"),
    _call("publish", ".emit", r"\.emit"),
    _call("publish", "Outgoing", r"@Outgoing"),
    _call("publish", "@Channel", r"@Channel"),
    _call("publish", "send_task", r"\bsend_task"),
    _call("publish", "Queue(", r"\bnew\s+(?:Bull)?Queue|@InjectQueue"),
    _call("publish", "topic", r"\btopic_path|\.topic|pubsub\.topic", 2),
    _call("subscribe", "EventPattern", r"@EventPattern"),
    _call("subscribe", "[Topic", r"\[Topic", 2, 0),
    _call("subscribe", "@Topic", r"@Topic"),
    _call("subscribe", "CapSubscribe", r"\[CapSubscribe"),
    _call("subscribe", "Incoming", r"@Incoming"),
    _call("subscribe", "@Processor", r"@Processor"),
    _call("subscribe", "new Worker", r"\bnew\s+Worker"),
    _call("subscribe", "subscription", r"\bsubscription_path|\.subscription", 2),
    _call("subscribe", "task(", r"@\w+\.task|@shared_task", 0),
    _call("subscribe", ".subscribe(", r"@\w+\.subscribe", 0),
)
_COMMANDS = (
    _call("call", "withChannel", r"\.withChannel"),
    _call("call", ".to(", r"\.to"),
    _call("handle", "fromChannel", r"\.fromChannel"),
    _call("handle", "MessagePattern", r"@MessagePattern"),
    _call("call", ".send(", r"[cC]lient\w*\s*\.\s*send"),
)
PATTERNS: tuple[Pattern, ...] = (*_RABBIT, *_KAFKA, *_ANY, *_QUEUES, *_FRAMEWORKS, *_COMMANDS)
