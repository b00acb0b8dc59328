import core.zones
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0002_opportunities'),
        ('members', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company', models.CharField(max_length=200, verbose_name='company')),
                ('person', models.CharField(blank=True, max_length=120, verbose_name='your name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='mobile number')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('town', models.CharField(blank=True, max_length=100, verbose_name='town')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('time_zone', models.CharField(max_length=60, validators=[core.zones.check_time_zone], verbose_name='time zone')),
                ('size_class', models.CharField(blank=True, choices=[('micro', 'Micro'), ('small', 'Small'), ('medium', 'Medium'), ('large', 'Large')], max_length=6, verbose_name='size')),
                ('summary', models.TextField(blank=True, max_length=1000, verbose_name='what you do')),
                ('offers', models.TextField(blank=True, max_length=3000, verbose_name='what you offer')),
                ('seeks', models.TextField(blank=True, max_length=3000, verbose_name='what you look for')),
                ('nace_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, default=list, size=None, verbose_name='activities')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None, verbose_name='languages')),
                ('side', models.CharField(blank=True, choices=[('a', 'A'), ('b', 'B')], max_length=1, verbose_name='side')),
                ('quota', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(40)], verbose_name='most meetings')),
                ('status', models.CharField(choices=[('invited', 'Invited'), ('confirmed', 'Takes part'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='invited', max_length=9)),
                ('status_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_walk_in', models.BooleanField(default=False)),
                ('shows_name', models.BooleanField(default=False, verbose_name='show our name')),
                ('shows_name_at', models.DateTimeField(help_text='When the company agreed, or took it back.', null=True)),
                ('keeps_profile', models.BooleanField(default=False, verbose_name='keep our answers for the next round')),
                ('keeps_profile_at', models.DateTimeField(help_text='When the company agreed, or took it back.', null=True)),
                ('link_version', models.PositiveSmallIntegerField(default=1, help_text='Links of an older version open nothing.')),
                ('chosen_at', models.DateTimeField(help_text='When the ballot was handed in.', null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('checked_in_at', models.DateTimeField(null=True)),
                ('arrives_at', models.DateTimeField(help_text='Told to be late: not before this time.', null=True)),
                ('no_show_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('cluster', models.ForeignKey(help_text='The cluster or intermediary that brings it.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation')),
                ('organisation', models.ForeignKey(blank=True, help_text='The member; none for a guest.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['email', '-created_at'], name='participant_by_address')],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='participant_email_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('solved', 'By the timetable'), ('hand', 'By hand'), ('request', 'By request'), ('refill', 'From the waiting list')], default='solved', max_length=7)),
                ('is_pinned', models.BooleanField(default=False)),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('held', 'Held'), ('no_show', 'Somebody did not come'), ('cancelled', 'Cancelled')], default='planned', max_length=9)),
                ('status_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('why_cancelled', models.CharField(blank=True, max_length=300)),
                ('a', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matchmaking.participant')),
                ('absent', models.ForeignKey(help_text='Whose absence freed it, or made it fail.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='matchmaking.participant')),
                ('b', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matchmaking.participant')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('a__lt', models.F('b'))), name='meeting_pair_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('aim', models.CharField(max_length=300, verbose_name='aim')),
                ('place', models.CharField(choices=[('on_site', 'On site'), ('online', 'Online'), ('mixed', 'On site and online')], default='on_site', max_length=8, verbose_name='where')),
                ('venue', models.CharField(blank=True, max_length=300, verbose_name='venue')),
                ('time_zone', models.CharField(max_length=60, validators=[core.zones.check_time_zone], verbose_name='time zone')),
                ('mode', models.CharField(choices=[('ballots', 'We schedule from ballots'), ('requests', 'Participants request and accept'), ('both', 'Requests first, then we schedule the rest')], default='ballots', max_length=8, verbose_name='how meetings come about')),
                ('meets', models.CharField(choices=[('anyone', 'Anyone of another company'), ('other_cluster', 'Only companies of another cluster'), ('other_side', 'Only the other side')], default='other_cluster', max_length=13, verbose_name='who may meet')),
                ('side_a', models.CharField(blank=True, max_length=60, verbose_name='first side')),
                ('side_b', models.CharField(blank=True, max_length=60, verbose_name='second side')),
                ('quota', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(40)], verbose_name='most meetings a participant')),
                ('minimum', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(40)], verbose_name='fewest meetings a participant')),
                ('most_in_a_row', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='most meetings in a row')),
                ('register_until', models.DateTimeField(verbose_name='sign up until')),
                ('choose_until', models.DateTimeField(verbose_name='choose until')),
                ('request_hours', models.PositiveSmallIntegerField(default=72, validators=[django.core.validators.MinValueValidator(1)], verbose_name='hours to answer a request')),
                ('requests_at_once', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(1)], verbose_name='open requests a participant')),
                ('status', models.CharField(choices=[('planned', 'Being set up'), ('open', 'Open for choices'), ('published', 'Timetable published'), ('over', 'Over'), ('cancelled', 'Cancelled')], default='planned', max_length=9)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(null=True)),
                ('why_cancelled', models.CharField(blank=True, help_text='What everybody who was invited was told.', max_length=600)),
                ('affinity_asked_at', models.DateTimeField(help_text='When a profile last changed that affinities rest on.', null=True)),
                ('affinity_at', models.DateTimeField(help_text='Affinities hold all changes up to this one.', null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('minimum__lte', models.F('quota'))), name='round_minimum_within_quota'), models.CheckConstraint(condition=models.Q(('register_until__lte', models.F('choose_until'))), name='round_sign_up_before_choosing_ends')],
            },
        ),
        migrations.AddField(
            model_name='participant',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='matchmaking.round'),
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('meetings', 'Meetings'), ('break', 'Break')], default='meetings', max_length=8, verbose_name='what')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(verbose_name='to')),
                ('slot_minutes', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(240)], verbose_name='minutes a meeting')),
                ('pause_minutes', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='minutes between meetings')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='matchmaking.round')),
            ],
            options={
                'indexes': [models.Index(fields=['round', 'starts_at'], name='session_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='session_has_a_length')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='matchmaking.round')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='matchmaking.session')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'starts_at'), name='one_slot_at_a_time'), models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='slot_has_a_length')],
            },
        ),
        migrations.AddField(
            model_name='participant',
            name='away',
            field=models.ManyToManyField(blank=True, related_name='+', to='matchmaking.slot', verbose_name='not available'),
        ),
        migrations.CreateModel(
            name='MeetingRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sentence', models.CharField(max_length=400, verbose_name='why you want to meet')),
                ('answer', models.CharField(blank=True, max_length=400, verbose_name='a sentence with your answer')),
                ('status', models.CharField(choices=[('waiting', 'Waits for an answer'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('expired', 'Ended without an answer'), ('withdrawn', 'Taken back')], default='waiting', max_length=9)),
                ('expires_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('meeting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='matchmaking.meeting')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests_received', to='matchmaking.participant')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests_sent', to='matchmaking.participant')),
                ('turn', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matchmaking.participant')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matchmaking.slot')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['expires_at'], name='request_waiting'), models.Index(fields=['receiver', 'status'], name='request_received')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('sender', 'receiver'), name='one_open_request_to_another'), models.CheckConstraint(condition=models.Q(('sender', models.F('receiver')), _negated=True), name='request_is_to_another')],
            },
        ),
        migrations.AddField(
            model_name='meeting',
            name='slot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='meetings', to='matchmaking.slot'),
        ),
        migrations.CreateModel(
            name='Table',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('room', models.CharField(blank=True, max_length=80, verbose_name='room')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='video link')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tables', to='matchmaking.round')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'number'), name='one_table_of_a_number')],
            },
        ),
        migrations.AddField(
            model_name='meeting',
            name='table',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='meetings', to='matchmaking.table'),
        ),
        migrations.CreateModel(
            name='Timetable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Stopped')], default='queued', max_length=10)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('cursor', models.JSONField(default=dict, help_text='Where to go on after an interruption.')),
                ('claim_token', models.UUIDField(editable=False, null=True)),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('stop_asked', models.BooleanField(default=False)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('seed', models.PositiveIntegerField(default=0)),
                ('result', models.CharField(blank=True, choices=[('optimal', 'Best possible'), ('feasible', 'Good, perhaps not the best'), ('infeasible', 'Not possible as asked')], max_length=10)),
                ('value', models.FloatField(null=True)),
                ('bound', models.FloatField(help_text='No timetable of this round can be worth more.', null=True)),
                ('unmet', models.JSONField(default=list)),
                ('conflicts', models.JSONField(default=list)),
                ('step', models.CharField(blank=True, help_text='What the solver is at.', max_length=60)),
                ('revision', models.PositiveIntegerField(default=0, help_text='Grows with each change of its meetings.')),
                ('published_at', models.DateTimeField(null=True)),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='matchmaking.timetable')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timetables', to='matchmaking.round')),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'number'), name='one_timetable_of_a_number'), models.UniqueConstraint(condition=models.Q(('status__in', ['queued', 'running'])), fields=('round',), name='one_solving_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_given_up', models.BooleanField(default=False, help_text='The meeting was cancelled; the slot is free again.')),
                ('held', models.CharField(blank=True, choices=[('yes', 'It took place'), ('no_show', 'They did not come'), ('moved', 'We meet another time')], max_length=7, verbose_name='did it take place?')),
                ('relevance', models.PositiveSmallIntegerField(null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='how relevant was it?')),
                ('next_step', models.CharField(blank=True, choices=[('none', 'No next step'), ('contact', 'We stay in contact'), ('nda', 'Confidentiality agreement'), ('proposal', 'Offer or proposal'), ('project', 'Joint project'), ('deal', 'Contract or sale')], max_length=8, verbose_name='what comes next?')),
                ('words', models.CharField(blank=True, max_length=400, verbose_name='a sentence, if you like')),
                ('told_at', models.DateTimeField(null=True)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='matchmaking.meeting')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='matchmaking.participant')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matchmaking.slot')),
                ('timetable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='matchmaking.timetable')),
            ],
            options={
                'indexes': [models.Index(fields=['participant', 'timetable'], name='seat_of_a_participant')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_given_up', False)), fields=('timetable', 'slot', 'participant'), name='nobody_sits_twice_in_a_slot'), models.UniqueConstraint(fields=('meeting', 'participant'), name='one_seat_in_a_meeting'), models.CheckConstraint(condition=models.Q(('relevance', None), ('relevance__range', (1, 5)), _connector='OR'), name='seat_relevance_between_1_and_5')],
            },
        ),
        migrations.AddField(
            model_name='round',
            name='timetable',
            field=models.ForeignKey(help_text='The one that participants see.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='matchmaking.timetable'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='timetable',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='matchmaking.timetable'),
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('must', 'Must meet'), ('nice', 'Nice to meet'), ('never', 'Not for us')], max_length=5)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wished_by', to='matchmaking.participant')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='matchmaking.participant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('participant', 'other'), name='one_wish_for_another'), models.CheckConstraint(condition=models.Q(('participant', models.F('other')), _negated=True), name='wish_is_for_another')],
            },
        ),
        migrations.CreateModel(
            name='ForbiddenPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('a', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matchmaking.participant')),
                ('b', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matchmaking.participant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('a', 'b'), name='forbidden_once'), models.CheckConstraint(condition=models.Q(('a__lt', models.F('b'))), name='forbidden_pair_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Affinity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField(validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)])),
                ('reasons_a', models.JSONField(default=list, help_text='Why b may interest a.')),
                ('reasons_b', models.JSONField(default=list, help_text='Why a may interest b.')),
                ('a', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matchmaking.participant')),
                ('b', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matchmaking.participant')),
            ],
            options={
                'indexes': [models.Index(fields=['b'], name='affinity_from_b')],
                'constraints': [models.UniqueConstraint(fields=('a', 'b'), name='one_affinity_of_a_pair'), models.CheckConstraint(condition=models.Q(('a__lt', models.F('b'))), name='affinity_pair_in_order')],
            },
        ),
        migrations.CreateModel(
            name='RoundPartner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('places', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(1)], verbose_name='places')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.organisation')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='matchmaking.round')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'organisation'), name='one_partner_of_a_round')],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('months', models.PositiveSmallIntegerField(help_text='After the meeting: 0, 3 or 12.')),
                ('stage', models.CharField(choices=[('nothing', 'Nothing came of it'), ('knowledge', 'New knowledge'), ('contact', 'A lasting contact'), ('opportunity', 'An opportunity we work on'), ('project', 'A joint project'), ('agreement', 'An agreement'), ('sales', 'Sales')], max_length=11, verbose_name='how far have you come?')),
                ('amount_eur', models.PositiveIntegerField(blank=True, null=True, verbose_name='worth, in EUR')),
                ('words', models.CharField(blank=True, max_length=400, verbose_name='a sentence, if you like')),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='matchmaking.seat')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('seat', 'months'), name='one_outcome_of_a_time'), models.CheckConstraint(condition=models.Q(('months__in', (0, 3, 12))), name='outcome_after_0_3_or_12_months')],
            },
        ),
        migrations.AddIndex(
            model_name='participant',
            index=models.Index(fields=['round', 'status'], name='participant_by_status'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(fields=('round', 'email'), name='one_participant_of_an_address'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('timetable__isnull', False), _connector='OR'), name='round_published_has_a_timetable'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'cancelled'), _negated=True), fields=('timetable', 'a', 'b'), name='a_pair_meets_once'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'cancelled'), _negated=True), fields=('timetable', 'slot', 'table'), name='one_meeting_at_a_table'),
        ),
    ]
